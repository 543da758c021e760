package dev.askonce.engine.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.base.Memory;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotations, codes and estimates, by both kernels: {@link ScalarKernel} says what is right. */
@Tag("kernel")
class CodeKernelTest {
  private static final Kernel SIMD = new SimdKernel();
  private static final Kernel SCALAR = new ScalarKernel();
  private static final Kernel[] BOTH = {SIMD, SCALAR};

  private static float[] gaussian(Random random, int size) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static final float[] EXTREMES = {
    0, -0f, 1, -1, Float.MIN_VALUE, -Float.MIN_NORMAL, 1e-20f, 1e18f, -1e18f
  };

  /** Random components with extreme ones among them. */
  private static float[] extreme(Random random, int size) {
    float[] vector = gaussian(random, size);
    for (int i = random.nextInt(3); i < size; i += 1 + random.nextInt(5)) {
      vector[i] = EXTREMES[random.nextInt(EXTREMES.length)];
    }
    return vector;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 15, 16, 17, 31, 33, 63, 65, 100, 127, 384, 385, 1025, 4095, 4096})
  void dotOfTwoAddresses_anyComponents_isTheSumOfProducts(int size) {
    Random random = TestSeed.random("CodeKernelTest dot " + size, size);
    try (Arena arena = Arena.ofConfined()) {
      long bytes = 4L * size + 64;
      long base = arena.allocate(2 * bytes, 64).address();
      for (int round = 0; round < 12; round++) {
        float[] a = round % 2 == 0 ? gaussian(random, size) : extreme(random, size);
        float[] b = round % 3 == 0 ? extreme(random, size) : gaussian(random, size);
        long atA = base + 4 * (round % 4);
        long atB = base + bytes + 12;
        Memory.copyIn(a, atA);
        Memory.copyIn(b, atB);
        double absolute = 0;
        for (int i = 0; i < size; i++) {
          absolute += Math.abs((double) a[i] * b[i]);
        }
        double delta = 0x1p-23 * (size + 1) * absolute + Float.MIN_VALUE * size;
        for (Kernel kernel : BOTH) {
          assertEquals(dot(a, b), kernel.dot(atA, atB, size), delta);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 16, 17, 31, 33, 64, 100, 127, 384, 385, 1537, 4095, 4096})
  void squaresScalePermute_anyComponents_areAsSpecified(int size) {
    Random random = TestSeed.random("CodeKernelTest permute " + size, size);
    for (int round = 0; round < 10; round++) {
      float[] vector = round % 2 == 0 ? gaussian(random, size) : extreme(random, size);
      double squares = dot(vector, vector);
      assertEquals(squares, SIMD.squares(vector), 1e-5 * squares);
      assertEquals(squares, SCALAR.squares(vector), 1e-5 * squares);

      float factor = (float) random.nextGaussian();
      float[] simd = new float[size];
      float[] scalar = new float[size];
      SIMD.scale(vector, factor, simd);
      SCALAR.scale(vector, factor, scalar);
      assertArrayEquals(scalar, simd);
      assertEquals(vector[size - 1] * factor, simd[size - 1]);

      int[] order = random.ints(size, 0, size).toArray();
      float[] signs = new float[size];
      for (int i = 0; i < size; i++) {
        signs[i] = random.nextBoolean() ? 1 : -1;
      }
      SIMD.permute(vector, order, signs, simd);
      SCALAR.permute(vector, order, signs, scalar);
      assertArrayEquals(scalar, simd);
      assertEquals(vector[order[size - 1]] * signs[size - 1], simd[size - 1]);
    }
  }

  @Test
  void squares_outOfRange_isNotANumberToDivideBy() {
    for (Kernel kernel : BOTH) {
      for (int size : new int[] {8, 33, 4095}) {
        float[] vector = new float[size];
        assertEquals(0, kernel.squares(vector));
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE}) {
          for (int at : new int[] {0, size / 2, size - 1}) {
            vector[at] = bad;
            assertTrue(!Float.isFinite(kernel.squares(vector)), bad + " at " + at);
            vector[at] = 0;
          }
        }
      }
    }
  }

  @Test
  void mix_everyWindowAndStages_isAsSpecified() {
    Random random = TestSeed.random("CodeKernelTest mix", 71);
    for (int window = 8; window <= 256; window *= 2) {
      for (int stages = 1; 1 << stages <= window; stages++) {
        for (int start : new int[] {0, 1, 7, 100}) {
          float[] simd = gaussian(random, start + window + 9);
          float[] scalar = simd.clone();
          float[] before = simd.clone();
          SIMD.mix(simd, start, window, stages, 0.25f);
          SCALAR.mix(scalar, start, window, stages, 0.25f);
          assertArrayEquals(scalar, simd);
          float sum = 0;
          for (int i = 0; i < 1 << stages; i++) {
            sum += before[start + i * (window >> stages)];
          }
          assertEquals(sum * 0.25f, simd[start], 1e-4f, "the first is the sum of all it met");
          for (int i = 0; i < before.length; i++) {
            if (i < start || i >= start + window) {
              assertEquals(before[i], simd[i], "outside of the window nothing changes");
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {8, 9, 31, 32, 100, 127, 128, 255, 256, 257, 384, 768, 1000, 1024, 4095, 4096})
  void quantiseAndEstimate_anyComponents_bothKernelsAgree(int dimension) {
    Random random = TestSeed.random("CodeKernelTest estimate " + dimension, dimension);
    int spread = Rotation.spread(dimension);
    int words = CodeGroup.words(dimension);
    QueryPlanes simd = new QueryPlanes(dimension);
    QueryPlanes scalar = new QueryPlanes(dimension);
    VectorCode code = new VectorCode(dimension);
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(CodeGroup.bytes(words), 128).address();
      for (int round = 0; round < 6; round++) {
        float[][] stored = new float[CodeGroup.LANES][];
        for (int lane = 0; lane < CodeGroup.LANES; lane++) {
          stored[lane] = lane % 4 == 0 ? extreme(random, spread) : gaussian(random, spread);
          code.set(stored[lane]);
          CodeGroup.put(group, lane, code);
        }
        float[] query = round % 3 == 2 ? extreme(random, spread) : gaussian(random, spread);
        SIMD.quantise(query, simd);
        SCALAR.quantise(query, scalar);
        assertArrayEquals(scalar.planes(), simd.planes());
        assertEquals(scalar.base, simd.base);
        assertEquals(scalar.step, simd.step);
        float[] bySimd = new float[CodeGroup.LANES];
        float[] byScalar = new float[CodeGroup.LANES];
        SIMD.estimate(group, simd, bySimd);
        SCALAR.estimate(group, scalar, byScalar);
        assertArrayEquals(byScalar, bySimd, "dimension " + dimension);
        for (int lane = 0; lane < CodeGroup.LANES; lane++) {
          double exact = estimate(query, stored[lane], scalar.step);
          double absolute = 2 * scalar.base / sumOfAbsolutes(stored[lane]);
          assertEquals(exact, byScalar[lane], 1e-4 * absolute, "lane " + lane);
        }
      }
    }
  }

  private static double sumOfAbsolutes(float[] vector) {
    double sum = 0;
    for (float component : vector) {
      sum += Math.abs(component);
    }
    return sum;
  }

  /** The estimate by its definition: levels times signs, divided by the code's own length. */
  private static double estimate(float[] query, float[] stored, float step) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      int level = Math.clamp((int) Math.floor(query[i] / (double) step + 8), 0, 15);
      double value = (2 * level - 15) * step / 2.0;
      sum += stored[i] >= 0 ? value : -value;
    }
    return sum / sumOfAbsolutes(stored);
  }

  @Test
  void reaching_anyEstimates_setsTheBitsOfThoseAtLeastTheFloor() {
    Random random = TestSeed.random("CodeKernelTest reaching", 72);
    float[] values = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0, -0f, 0.5f};
    for (int round = 0; round < 2_000; round++) {
      float[] estimates = gaussian(random, CodeGroup.LANES + 3);
      for (int i = random.nextInt(9); i < estimates.length; i += 9) {
        estimates[i] = values[random.nextInt(values.length)];
      }
      float floor = round % 2 == 0 ? (float) random.nextGaussian() : values[1 + round % 5];
      int expected = 0;
      for (int lane = 0; lane < CodeGroup.LANES; lane++) {
        expected |= estimates[lane] >= floor ? 1 << lane : 0;
      }
      assertEquals(expected, SIMD.reaching(estimates, floor));
      assertEquals(expected, SCALAR.reaching(estimates, floor));
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        8, 9, 31, 32, 100, 127, 128, 129, 255, 256, 257, 384, 513, 768, 1000, 1024, 1536, 4095, 4096
      })
  void rotation_randomVectors_keepsLengthsAndDotProducts(int dimension) {
    Random random = TestSeed.random("CodeKernelTest rotation " + dimension, dimension);
    int spread = Rotation.spread(dimension);
    int copies = spread / dimension;
    assertTrue(spread >= 256 && spread % dimension == 0);
    float[] scratch = new float[dimension];
    float[] other = new float[dimension];
    for (Kernel kernel : BOTH) {
      Rotation rotation = new Rotation(dimension, 7, kernel);
      for (int round = 0; round < 10; round++) {
        float[] a = TestSeed.unitVector(random, dimension);
        float[] b = TestSeed.near(random, a, random.nextDouble());
        if (round >= 4) {
          // All in one component: the rotation must spread it.
          a = new float[dimension];
          a[random.nextInt(dimension)] = 1;
        }
        float[] rotatedA = new float[spread];
        float[] rotatedB = new float[spread];
        rotation.apply(a, rotatedA, scratch, other);
        rotation.apply(b, rotatedB, scratch, other);
        assertEquals(copies, dot(rotatedA, rotatedA), 1e-4 * copies);
        assertEquals(copies * dot(a, b), dot(rotatedA, rotatedB), 1e-4 * copies);
        float largest = 0;
        for (float component : rotatedA) {
          largest = Math.max(largest, Math.abs(component));
        }
        // Of a normal distribution 9 standard deviations, for collisions; short vectors reach their
        // length.
        assertTrue(largest <= Math.min(1.001, 9 / Math.sqrt(dimension)), largest + " largest");
      }
    }
  }

  @Test
  void rotation_sameSeed_isTheSameByBothKernels() {
    for (int dimension : new int[] {8, 100, 385, 4095}) {
      float[] vector = TestSeed.unitVector(new Random(dimension), dimension);
      float[][] rotated = new float[2][Rotation.spread(dimension)];
      for (int i = 0; i < 2; i++) {
        new Rotation(dimension, 11, BOTH[i])
            .apply(vector, rotated[i], new float[dimension], new float[dimension]);
      }
      assertArrayEquals(rotated[0], rotated[1]);
    }
  }

  /** Over many pairs: no bias, and the error that decides what is looked at exactly. */
  @ParameterizedTest
  @Tag("statistics")
  @ValueSource(ints = {128, 257, 384, 768, 1000, 1536, 4095})
  void estimate_pairsOfACosine_hasTheErrorThatIsPredicted(int dimension) {
    Random random = TestSeed.random("CodeKernelTest error " + dimension, dimension);
    Encoder encoder = new Encoder(new Rotation(dimension, 7, SIMD), SIMD);
    QueryPlanes planes = new QueryPlanes(dimension);
    VectorCode code = new VectorCode(dimension);
    float[] estimates = new float[CodeGroup.LANES];
    int groups = Math.clamp(15_000 / dimension, 16, 100);
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(CodeGroup.bytes(CodeGroup.words(dimension)), 128).address();
      long vector = arena.allocate(4L * dimension, 64).address();
      for (double cosine : new double[] {0, 0.5, 0.8, 0.9, 0.95}) {
        double sum = 0;
        double squares = 0;
        double predicted = 0;
        int pairs = groups * CodeGroup.LANES;
        for (int i = 0; i < groups; i++) {
          float[] query = TestSeed.unitVector(random, dimension);
          encoder.prepare(query, planes);
          double error = planes.error((float) cosine);
          predicted += error * error / groups;
          for (int lane = 0; lane < CodeGroup.LANES; lane++) {
            Memory.copyIn(TestSeed.near(random, query, cosine), vector);
            encoder.encode(vector, code);
            CodeGroup.put(group, lane, code);
          }
          SIMD.estimate(group, planes, estimates);
          for (float estimate : estimates) {
            sum += estimate - cosine;
            squares += (estimate - cosine) * (estimate - cosine);
          }
        }
        double measured = Math.sqrt(squares / pairs);
        double error = Math.sqrt(predicted);
        String where =
            "%d at %.2f: %.5f, predicted %.5f".formatted(dimension, cosine, measured, error);
        assertEquals(1, measured / error, 0.15, where);
        // Errors of one query's pairs have its quantisation in common: counted as one.
        assertEquals(0, sum / pairs, 4 * error / Math.sqrt(groups), where);
      }
    }
  }

  @Test
  void putOfAStoredCode_andCopy_giveTheSameEstimate() {
    int dimension = 100;
    Random random = TestSeed.random("CodeKernelTest copy", 73);
    int words = CodeGroup.words(dimension);
    Encoder encoder = new Encoder(new Rotation(dimension, 7, SIMD), SIMD);
    QueryPlanes planes = new QueryPlanes(dimension);
    VectorCode code = new VectorCode(dimension);
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(CodeGroup.bytes(words), 128).address();
      long second = arena.allocate(CodeGroup.bytes(words), 128).address();
      long stored = arena.allocate(VectorCode.bytes(words), 4).address();
      encoder.prepare(TestSeed.unitVector(random, dimension), planes, code);
      code.store(stored);
      CodeGroup.put(group, 3, code);
      CodeGroup.put(group, 31, stored, words);
      CodeGroup.copy(group, 31, second, 0, words);
      float[] estimates = new float[CodeGroup.LANES];
      SIMD.estimate(group, planes, estimates);
      float expected = estimates[3];
      assertEquals(1, expected, 6 * planes.error(1));
      assertEquals(expected, estimates[31]);
      SIMD.estimate(second, planes, estimates);
      assertEquals(expected, estimates[0]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 96, 384, 768})
  void distance_anyCodes_countsTheSignsThatDiffer(int dimension) {
    Random random = TestSeed.random("CodeKernelTest distance " + dimension, dimension);
    Rotation rotation = new Rotation(dimension, 7, SCALAR);
    Encoder encoder = new Encoder(rotation, SCALAR);
    int words = CodeGroup.words(dimension);
    try (Arena arena = Arena.ofConfined()) {
      long group = arena.allocate(CodeGroup.bytes(words), 128).address();
      long single = arena.allocate(4L * (1 + words), 64).address();
      VectorCode first = new VectorCode(dimension);
      VectorCode second = new VectorCode(dimension);
      for (int lane = 0; lane < CodeGroup.LANES; lane++) {
        QueryPlanes planes = new QueryPlanes(dimension);
        encoder.prepare(TestSeed.unitVector(random, dimension), planes, first);
        encoder.prepare(TestSeed.unitVector(random, dimension), planes, second);
        CodeGroup.put(group, lane, first);
        Memory.putFloat(single, second.factor());
        int differing = 0;
        for (int i = 0; i < words; i++) {
          Memory.putInt(single + 4L * (i + 1), second.signs()[i]);
          differing += Integer.bitCount(first.signs()[i] ^ second.signs()[i]);
        }
        assertEquals(differing, CodeGroup.distance(group, lane, single, words));
      }
    }
  }
}
