package dev.askonce.bench.micro;

import dev.askonce.bench.data.Vectors;
import dev.askonce.engine.internal.base.MappedFile;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Encoder;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.QueryPlanes;
import dev.askonce.engine.internal.kernel.Rotation;
import dev.askonce.engine.internal.kernel.ScalarKernel;
import dev.askonce.engine.internal.kernel.SimdKernel;
import dev.askonce.engine.internal.kernel.VectorCode;
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
 * vectors in the processor's cache or in memory? And how long the estimates from the codes of 32
 * vectors, and what a query is prepared by for them?
 *
 * <p>Vectors and groups of codes lie in mapped files, as those of a store do, and are visited in
 * random order. An operation is one dot product, also of {@code dot4}; one group of 32 codes for
 * {@code estimate}; one rotation and quantisation for {@code prepare}, which reads no file.
 *
 * <pre>./askonce bench jmh KernelBenchmark</pre>
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

  /** How many bytes of vectors, or of codes, are visited. */
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

  /** An estimate farther off, in standard errors, is wrong. */
  private static final double STANDARD_ERRORS_MAX = 6;

  /** Vectors that are coded; each code stands in many groups. */
  private static final int CODED_COUNT = 40;

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

  private final long[] groupOrder = new long[ORDER_COUNT];
  private final float[] estimates = new float[CodeGroup.LANES];
  private Encoder encoder;
  private QueryPlanes planes;
  private MappedFile groups;
  private Path groupsPath;

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
    code(random);
  }

  private void code(Random random) throws IOException {
    encoder = new Encoder(new Rotation(dimension, SEED, kernel), kernel);
    planes = new QueryPlanes(dimension);
    Vectors.normalise(query);
    VectorCode[] codes = new VectorCode[CODED_COUNT];
    for (int i = 0; i < CODED_COUNT; i++) {
      codes[i] = new VectorCode(dimension);
      // Encoded as queries are, which must be unit vectors in an array.
      encoder.prepare(coded(i), planes, codes[i]);
    }
    prepare();
    groupsPath = Files.createTempFile("askonce-bench", ".dat");
    groups = MappedFile.open(groupsPath, place.bytes);
    int stride = CodeGroup.bytes(CodeGroup.words(dimension));
    int count = place.bytes / stride;
    for (int i = 0; i < count; i++) {
      for (int lane = 0; lane < CodeGroup.LANES; lane++) {
        CodeGroup.put(groups.address() + (long) i * stride, lane, codes[codeAt(i, lane)]);
      }
    }
    for (int i = 0; i < ORDER_COUNT; i++) {
      groupOrder[i] = groups.address() + (long) random.nextInt(count) * stride;
    }
    checkEstimates();
  }

  private static int codeAt(int group, int lane) {
    return (group * 7 + lane) % CODED_COUNT;
  }

  /** {@return a unit vector, the nearer to the query the smaller its number} */
  private float[] coded(int number) {
    double cosine = 1 - (double) number / CODED_COUNT;
    return Vectors.perturbed(query, cosine, new Random(SEED + number));
  }

  private void checkEstimates() {
    for (int i = 0; i < 2; i++) {
      kernel.estimate(
          groups.address() + (long) i * CodeGroup.bytes(CodeGroup.words(dimension)),
          planes,
          estimates);
      for (int lane = 0; lane < CodeGroup.LANES; lane++) {
        float cosine = (float) Vectors.dot(coded(codeAt(i, lane)), query);
        double errors = Math.abs(estimates[lane] - cosine) / planes.error(cosine);
        if (!(errors <= STANDARD_ERRORS_MAX)) {
          throw new IllegalStateException("estimate " + estimates[lane] + " of " + cosine);
        }
      }
    }
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
    groups.close();
    Files.delete(groupsPath);
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

  @Benchmark
  public float[] estimate() {
    kernel.estimate(groupOrder[visited++ & (ORDER_COUNT - 1)], planes, estimates);
    return estimates;
  }

  @Benchmark
  public QueryPlanes prepare() {
    encoder.prepare(query, planes);
    return planes;
  }
}
