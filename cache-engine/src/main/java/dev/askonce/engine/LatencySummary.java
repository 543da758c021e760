package dev.askonce.engine;

import org.HdrHistogram.Histogram;

/**
 * The latencies of one stage, exact to three digits. Immutable.
 *
 * <p>Percentiles of two summaries cannot be averaged; {@link #plus} adds their histograms.
 */
public final class LatencySummary {
  private final Histogram histogram;

  /**
   * @param nanos a histogram of nanoseconds; copied
   */
  public LatencySummary(Histogram nanos) {
    histogram = nanos.copy();
  }

  /** {@return how often the stage ran} */
  public long count() {
    return histogram.getTotalCount();
  }

  public long p50Nanos() {
    return histogram.getValueAtPercentile(50);
  }

  public long p99Nanos() {
    return histogram.getValueAtPercentile(99);
  }

  public long p999Nanos() {
    return histogram.getValueAtPercentile(99.9);
  }

  public long maxNanos() {
    return histogram.getMaxValue();
  }

  /** {@return a copy of all values, to be exported or plotted} */
  public Histogram histogram() {
    return histogram.copy();
  }

  /** {@return the latencies of both, as of one run} */
  public LatencySummary plus(LatencySummary other) {
    Histogram sum = histogram.copy();
    sum.add(other.histogram);
    return new LatencySummary(sum);
  }
}
