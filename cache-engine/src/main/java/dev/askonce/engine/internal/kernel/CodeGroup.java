package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;

/**
 * The codes of up to 32 vectors side by side in off-heap memory, so that one register holds the
 * same 32 components of many vectors.
 *
 * <pre>
 *   0    factor  f32 × 32   one a lane
 *   128  word 0  u32 × 32   signs of components 0..31
 *   256  word 1  u32 × 32   signs of components 32..63
 *   …                       words of components as the rotation leaves them; bits past the last are 0
 * </pre>
 *
 * <p>A lane may be written while others read it: they see a mixture, whose estimate means nothing.
 */
public final class CodeGroup {
  /** Vectors of a group. */
  public static final int LANES = 32;

  /** Bytes from one word of a lane to its next. */
  static final int ROW = LANES * Integer.BYTES;

  private CodeGroup() {}

  /** {@return the number of 32-bit words that hold the signs of a vector of a dimension} */
  public static int words(int dimension) {
    return (Rotation.spread(dimension) + Integer.SIZE - 1) / Integer.SIZE;
  }

  /** {@return the length of a group, a multiple of 128} */
  public static int bytes(int words) {
    return ROW * (1 + words);
  }

  /** {@return one bit for each of the first {@code count} lanes} */
  public static int lanes(int count) {
    return count >= LANES ? -1 : (1 << count) - 1;
  }

  /** {@return in how many signs a lane's code differs from the code stored at {@code code}} */
  public static int distance(long group, int lane, long code, int words) {
    int distance = 0;
    for (int i = 1; i <= words; i++) {
      int word = Memory.getInt(group + (long) i * ROW + ((long) lane << 2));
      distance += Integer.bitCount(word ^ Memory.getInt(code + ((long) i << 2)));
    }
    return distance;
  }

  /** Writes a code into a lane. */
  public static void put(long group, int lane, VectorCode code) {
    long at = group + ((long) lane << 2);
    Memory.putFloat(at, code.factor());
    int[] signs = code.signs();
    for (int i = 0; i < signs.length; i++) {
      Memory.putInt(at + (long) (i + 1) * ROW, signs[i]);
    }
  }

  /** Writes the code stored at {@code code} into a lane. */
  public static void put(long group, int lane, long code, int words) {
    long at = group + ((long) lane << 2);
    for (int i = 0; i <= words; i++) {
      Memory.putInt(at + (long) i * ROW, Memory.getInt(code + ((long) i << 2)));
    }
  }

  /** Copies one lane of a group to a lane of the same or another group. */
  public static void copy(long from, int fromLane, long to, int toLane, int words) {
    long source = from + ((long) fromLane << 2);
    long target = to + ((long) toLane << 2);
    for (int i = 0; i <= words; i++) {
      Memory.putInt(target + (long) i * ROW, Memory.getInt(source + (long) i * ROW));
    }
  }
}
