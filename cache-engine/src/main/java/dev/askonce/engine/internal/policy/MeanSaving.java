package dev.askonce.engine.internal.policy;

/** What a hit saves on average, of the entries put lately whose saving is known. */
final class MeanSaving {
  private static final int COUNT_MAX = 8_192;

  /** Octaves of saving below the mean that are told apart. */
  private static final int OCTAVES_BELOW = 5;

  private double sum;
  private int count;

  void add(long savedNanos) {
    if (savedNanos > 0) {
      if (count == COUNT_MAX) {
        sum /= 2;
        count /= 2;
      }
      sum += savedNanos;
      count++;
    }
  }

  /** {@return the mean, or 1 where nothing is known: then all entries save alike} */
  float nanos() {
    return count == 0 ? 1 : (float) (sum / count);
  }

  /** {@return the class of a saving: octaves around the mean; an unknown one is the mean} */
  int kind(long savedNanos) {
    int octave = savedNanos <= 0 ? 0 : Math.getExponent(savedNanos / nanos());
    return Math.clamp(octave + OCTAVES_BELOW, 0, UseForecast.KINDS - 1);
  }
}
