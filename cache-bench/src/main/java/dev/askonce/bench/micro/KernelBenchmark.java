package dev.askonce.bench.micro;

import dev.askonce.engine.internal.base.MappedFile;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.ScalarKernel;
import dev.askonce.engine.internal.kernel.SimdKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one dot product take: alone or four at once, scalar or SIMD, with the stored
 * vectors in the processor's cache or in memory?
 *
 * <p>Vectors lie in a mapped file, as those of a store do, and are visited in random order. An
 * operation is one dot product, also of {@code dot4}.
 *
 * <pre>java @askonce.jvmargs -jar cache-bench/target/benchmarks.jar KernelBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  /** Which implementation runs; the other is not loaded, as in an application. */
  public enum Arithmetic {
    SCALAR {
      @Override
      Kernel kernel() {
        return new ScalarKernel();
      }
    },
    SIMD {
      @Override
      Kernel kernel() {
        return new SimdKernel();
      }
    };

    abstract Kernel kernel();
  }

  /** How many bytes of vectors are visited. */
  public enum Place {
    /** In the first two levels of cache. */
    CACHE(64 << 10),
    /** Well over the last level of cache. */
    MEMORY(256 << 20);

    final int bytes;

    Place(int bytes) {
      this.bytes = bytes;
    }
  }

  private static final long SEED = 11;
  private static final int ORDER_COUNT = 1 << 16;
  private static final double ERROR_MAX = 1e-5;

  @Param private Arithmetic arithmetic;
  @Param private Place place;

  @Param({"384", "768", "1536"})
  private int dimension;

  private final long[] order = new long[ORDER_COUNT];
  private final float[] dots = new float[4];
  private Kernel kernel;
  private float[] query;
  private MappedFile file;
  private Path path;
  private int visited;

  @Setup(Level.Trial)
  public void map() throws IOException {
    Random random = new Random(SEED);
    kernel = arithmetic.kernel();
    path = Files.createTempFile("askonce-bench", ".dat");
    file = MappedFile.open(path, place.bytes);
    query = vector(random);
    int stride = dimension * Float.BYTES;
    int count = place.bytes / stride;
    for (int i = 0; i < count; i++) {
      Memory.copyIn(vector(random), file.address() + (long) i * stride);
    }
    for (int i = 0; i < ORDER_COUNT; i++) {
      order[i] = file.address() + (long) random.nextInt(count) * stride;
    }
    checkAnswers();
  }

  private float[] vector(Random random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (random.nextGaussian() / Math.sqrt(dimension));
    }
    return vector;
  }

  private void checkAnswers() {
    dot4();
    for (int i = 0; i < 4; i++) {
      double expected = 0;
      for (int j = 0; j < dimension; j++) {
        expected += (double) query[j] * Memory.getFloat(order[i] + (long) j * Float.BYTES);
      }
      check(expected, dots[i]);
      check(expected, kernel.dot(query, order[i]));
    }
  }

  private static void check(double expected, float actual) {
    if (Math.abs(expected - actual) > ERROR_MAX) {
      throw new IllegalStateException("dot product " + actual + ", expected " + expected);
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    file.close();
    Files.delete(path);
  }

  @Benchmark
  public float dot() {
    return kernel.dot(query, order[visited++ & (ORDER_COUNT - 1)]);
  }

  @Benchmark
  @OperationsPerInvocation(4)
  public float[] dot4() {
    int i = visited & (ORDER_COUNT - 1);
    visited += 4;
    kernel.dot4(query, order[i], order[i + 1], order[i + 2], order[i + 3], dots);
    return dots;
  }
}
