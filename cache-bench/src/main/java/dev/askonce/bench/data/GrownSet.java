package dev.askonce.bench.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Makes a larger set with the neighbourhoods of a real one: the real vectors and {@linkplain
 * TurnedCopies turned copies} of them, in random order, so that it has as many new topics as it has
 * new vectors. The same arguments give the same bytes on machines of one kind.
 */
public final class GrownSet {
  /*
   * More vectors in the same place would be nearer to each other, and vectors strewn around real
   * ones would have nobody but their origin beside them. So the set grows by whole neighbourhoods,
   * each in a place of its own: all that a vector's neighbours are to each other stays, nearest,
   * tenth and intrinsic dimension alike, and the set's mean and covariance do too. What it lacks is
   * variety: the copies are congruent, which no index here makes use of.
   */
  private static final int BATCH = 4096;
  private static final int AXES_SAMPLE = 20_000;

  /** Rows below which a sample says too little. */
  private static final int BASE_ROWS_MIN = 100;

  private final VectorFile base;
  private final int count;
  private final Path out;
  private final long seed;
  private final Progress progress;
  private final int copies;

  private GrownSet(VectorFile base, int count, Path out, long seed, Progress progress) {
    this.base = base;
    this.count = count;
    this.out = out;
    this.seed = seed;
    this.progress = progress;
    copies = Math.ceilDiv(count, base.count());
  }

  /**
   * Writes a grown set and measures it.
   *
   * @param count rows to have, more than the base has
   * @throws InputException if the base has fewer than 100 rows or no fewer than {@code count}
   */
  public static GrowReport write(VectorFile base, int count, Path out, long seed, Progress progress)
      throws IOException {
    if (base.count() < BASE_ROWS_MIN) {
      throw new InputException(
          "the base has " + base.count() + " rows, at least " + BASE_ROWS_MIN + " are needed");
    }
    if (count <= base.count()) {
      throw new InputException(
          count + " rows are not more than the " + base.count() + " there are");
    }
    return new GrownSet(base, count, out, seed, progress).write();
  }

  private GrowReport write() throws IOException {
    long started = System.nanoTime();
    try (VectorWriter writer = new VectorWriter(out)) {
      progress.step("finding the principal axes");
      Axes axes = Axes.of(Sample.of(base, AXES_SAMPLE, seed).rows());
      double departure = new Departure(base, axes, copies, seed).least(axes, progress);
      int[] origins = origins();
      write(axes, new TurnedCopies(copies, base.dimension(), departure, seed), origins, writer);
      writer.commit();
      progress.step("measuring samples of both sets by exact search");
      return new Comparison(base, origins, seed).report(out, departure, started);
    }
  }

  /** {@return for each row of the grown set its copy times the base's rows, plus the base's row} */
  private int[] origins() {
    Random random = new Random(seed);
    int[] origins = new int[count];
    int whole = (copies - 1) * base.count();
    Arrays.setAll(origins, i -> i);
    int[] rest = Region.rows(base, count - whole, random);
    for (int i = 0; i < rest.length; i++) {
      origins[whole + i] = whole + rest[i];
    }
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = origins[i];
      origins[i] = origins[j];
      origins[j] = swapped;
    }
    return origins;
  }

  private void write(Axes axes, TurnedCopies turns, int[] origins, VectorWriter writer)
      throws IOException {
    for (int first = 0; first < count; first += BATCH) {
      float[][] real = new float[Math.min(BATCH, count - first)][];
      for (int i = 0; i < real.length; i++) {
        real[i] = base.row(origins[first + i] % base.count());
      }
      float[][] coordinates = axes.coordinates(real);
      for (int i = 0; i < real.length; i++) {
        coordinates[i] = turns.turned(coordinates[i], origins[first + i] / base.count(), 0);
      }
      float[][] turned = axes.vectors(coordinates);
      for (int i = 0; i < real.length; i++) {
        boolean isReal = origins[first + i] < base.count();
        writer.write(isReal ? real[i] : Vectors.normalise(turned[i]));
      }
      int written = first + real.length;
      progress.tell(() -> String.format("%,d of %,d rows written", written, count));
    }
  }
}
