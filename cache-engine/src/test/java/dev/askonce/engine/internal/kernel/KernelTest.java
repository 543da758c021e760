package dev.askonce.engine.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.base.Memory;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("kernel")
class KernelTest {
  private static final Kernel SIMD = new SimdKernel();
  private static final Kernel SCALAR = new ScalarKernel();

  /** Rounding of one fused step; a sum of n steps in any order differs by at most n of these. */
  private static final double ULP = 0x1p-23;

  private static float[] vector(int size, IntFunction<Float> component) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = component.apply(i);
    }
    return vector;
  }

  /** Compares both kernels with each other and with a sum in doubles, at some addresses. */
  private static void compare(float[] query, float[]... stored) {
    assertEquals(4, stored.length);
    long vectorBytes = (long) query.length * Float.BYTES;
    for (int shift : new int[] {0, 4, 12, 20, 60}) {
      try (Arena arena = Arena.ofConfined()) {
        long base = arena.allocate(4 * (vectorBytes + 64) + 64, 64).address();
        long[] at = new long[4];
        for (int i = 0; i < 4; i++) {
          at[i] = base + shift + i * (vectorBytes + 64);
          Memory.copyIn(stored[i], at[i]);
        }
        float[] simd = new float[4];
        float[] scalar = new float[4];
        SIMD.dot4(query, at[0], at[1], at[2], at[3], simd);
        SCALAR.dot4(query, at[0], at[1], at[2], at[3], scalar);
        for (int i = 0; i < 4; i++) {
          double exact = 0;
          double absolute = 0;
          for (int j = 0; j < query.length; j++) {
            double product = (double) query[j] * stored[i][j];
            exact += product;
            absolute += Math.abs(product);
          }
          double delta = ULP * (query.length + 1) * absolute + Float.MIN_VALUE * query.length;
          String where = "size " + query.length + " shift " + shift + " vector " + i;
          assertEquals(exact, simd[i], delta, where);
          assertEquals(exact, scalar[i], delta, where);
          assertEquals(exact, SIMD.dot(query, at[i]), delta, where);
          assertEquals(exact, SCALAR.dot(query, at[i]), delta, where);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 7, 8, 9, 13, 15, 16, 17, 24, 25, 31, 33, 63, 64, 65, 100, 127, 129, 384, 385, 768,
        1023, 1024, 1025, 1536, 1537, 3072, 4095, 4096
      })
  void dot_randomComponents_bothKernelsAgree(int size) {
    Random random = TestSeed.random("KernelTest size " + size, size);
    for (int round = 0; round < 5; round++) {
      float[][] stored = new float[4][];
      for (int i = 0; i < 4; i++) {
        stored[i] = vector(size, j -> (float) random.nextGaussian());
      }
      compare(vector(size, j -> (float) random.nextGaussian()), stored);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 16, 25, 100, 384, 1537})
  void dot_extremeComponents_bothKernelsAgree(int size) {
    float large = (float) Math.sqrt(Float.MAX_VALUE / size / 4);
    float[] huge = vector(size, i -> large);
    float[] tiny = vector(size, i -> Float.MIN_NORMAL);
    float[] zero = new float[size];
    float[] cancelling = vector(size, i -> i % 2 == 0 ? large : -large);
    compare(huge, huge, tiny, zero, cancelling);
    compare(tiny, huge, tiny, zero, cancelling);
    compare(zero, huge, tiny, zero, cancelling);
    compare(cancelling, huge, tiny, zero, cancelling);
  }

  @Test
  void dot_oneComponentSet_readsThatPositionAlone() {
    for (int size : new int[] {1, 15, 16, 17, 31, 64, 79, 80, 384, 391}) {
      for (int position = 0; position < size; position++) {
        int one = position;
        float[] unit = vector(size, i -> i == one ? 1f : 0f);
        float[] ramp = vector(size, i -> (float) (i + 1));
        try (Arena arena = Arena.ofConfined()) {
          long address = arena.allocate((long) size * Float.BYTES, 4).address();
          Memory.copyIn(ramp, address);
          assertEquals(position + 1, SIMD.dot(unit, address));
          assertEquals(position + 1, SCALAR.dot(unit, address));
          float[] four = new float[4];
          SIMD.dot4(unit, address, address, address, address, four);
          assertArrayEquals(
              new float[] {position + 1, position + 1, position + 1, position + 1}, four);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1f, 1e-30f, 1e30f, Float.MIN_VALUE, Float.MAX_VALUE})
  void normalise_anyFiniteLength_givesUnitLength(float length) {
    float[] unit = Kernels.normalise(vector(100, i -> i % 3 == 0 ? length : 0f));
    double squares = 0;
    for (float component : unit) {
      squares += (double) component * component;
    }
    assertEquals(1, squares, 1e-6);
  }

  @Test
  void normalise_argument_isNotChanged() {
    float[] vector = {3, 4};
    assertArrayEquals(new float[] {0.6f, 0.8f}, Kernels.normalise(vector), 1e-7f);
    assertArrayEquals(new float[] {3, 4}, vector);
  }

  @Test
  void normalise_withoutDirection_isRefused() {
    assertThrows(CacheException.InvalidVector.class, () -> Kernels.normalise(new float[9]));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] vector = vector(9, i -> i == 4 ? bad : 1f);
      String message =
          assertThrows(CacheException.InvalidVector.class, () -> Kernels.normalise(vector))
              .getMessage();
      assertTrue(message.contains("component 4"), message);
    }
  }
}
