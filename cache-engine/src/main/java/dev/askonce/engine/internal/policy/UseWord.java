package dev.askonce.engine.internal.policy;

/**
 * How an entry is used, in one int, so that lookups read and write it without a lock.
 *
 * <pre>
 *   31            14 13          0
 *   count  18 bits  | tick 14 bits
 * </pre>
 *
 * The count has ten fractional bits and is that of the last use, at {@code tick}: each use adds
 * one, and it halves every {@link #HALF_LIFE_TICKS}. Ticks wrap, so an age is right below 16,384
 * ticks; {@link #aged} keeps those that are looked at now and then from going round.
 */
final class UseWord {
  /** Ticks in which as many hits and puts come as there are entries. */
  static final int TICKS_PER_TURN = 64;

  static final int HALF_LIFE_TICKS = 16 * TICKS_PER_TURN;
  static final int COUNT_CLASSES = 16;
  static final int AGE_CLASSES = 25;
  static final int TICK_BITS = 14;

  private static final int TICK_MASK = (1 << TICK_BITS) - 1;
  private static final int AGE_MAX = TICK_MASK >> 1;
  private static final int COUNT_MAX = (1 << 18) - 1;
  private static final int FRACTION_BITS = 10;
  private static final int ONE = 1 << FRACTION_BITS;

  private UseWord() {}

  /** {@return the word of an entry used once, now} */
  static int first(int now) {
    return word(ONE, now);
  }

  static int word(int count, int tick) {
    return Math.min(count, COUNT_MAX) << TICK_BITS | tick & TICK_MASK;
  }

  /** {@return the count of the last use, a fixed-point number} */
  static int count(int word) {
    return word >>> TICK_BITS;
  }

  static int tick(int word) {
    return word & TICK_MASK;
  }

  static int age(int word, int now) {
    return now - word & TICK_MASK;
  }

  /** {@return the word after one more use} */
  static int used(int word, int now) {
    return word(countNow(word, now) + ONE, now);
  }

  /** {@return the count as it is now: halved for each half-life, straight between two halvings} */
  static int countNow(int word, int now) {
    int age = age(word, now);
    int halved = count(word) >>> age / HALF_LIFE_TICKS;
    return halved - (int) ((long) halved * (age % HALF_LIFE_TICKS) / (2 * HALF_LIFE_TICKS));
  }

  /** {@return the same word, no older than can be told apart} */
  static int aged(int word, int now) {
    return age(word, now) <= AGE_MAX ? word : word(count(word), now - AGE_MAX);
  }

  /** {@return the class of the count: below half, then two an octave} */
  static int countClass(int word) {
    return Math.min(COUNT_CLASSES - 1, halfOctave(count(word) >>> FRACTION_BITS - 1));
  }

  /** {@return the class of an age: two an octave} */
  static int ageClass(int age) {
    return Math.min(AGE_CLASSES - 1, halfOctave(age));
  }

  /** {@return 0, 1, 2, 3, and then two for each doubling} */
  private static int halfOctave(int value) {
    if (value < 2) {
      return value;
    }
    int octave = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
    return 2 * octave + (value >>> octave - 1 & 1);
  }

  /** {@return the least value of a class} */
  private static int least(int halfOctave) {
    return halfOctave < 2 ? halfOctave : (2 + (halfOctave & 1)) << (halfOctave >> 1) - 1;
  }

  /** {@return how many ticks an entry that is not used stays in a class of age} */
  static int ticksOf(int ageClass) {
    int end = ageClass == AGE_CLASSES - 1 ? AGE_MAX : least(ageClass + 1);
    return end - least(ageClass);
  }

  /** {@return the least count of a class, in uses; a quarter for the lowest} */
  static float usesOf(int countClass) {
    return Math.max(0.5f, least(countClass)) / 2;
  }
}
