package dev.askonce.optimizer.cap;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How long the answers of one kind of call are, in output tokens: with the lever, and in the calls
 * that it left alone to know. Thread-safe.
 */
final class LengthProfile {
  /** Calls left alone before their mean is worth something. */
  static final int UNCONTROLLED_MIN = 10;

  /** Answers before their 99th percentile is worth something. */
  static final int CONTROLLED_MIN = 100;

  /** The newest answers whose share over a limit is looked at, and how few of them say nothing. */
  private static final int RECENT = 100;

  private static final int RECENT_MIN = 20;

  /** The newest answers are those that count. */
  private static final int KEPT = 1_000;

  /** The percentile is computed anew after so many answers. */
  private static final int STALE_AFTER = 50;

  private static final double QUANTILE = 0.99;

  private final int[] controlled = new int[KEPT];
  private long controlledCount;
  private final int[] uncontrolled = new int[KEPT];
  private long uncontrolledCount;
  private long uncontrolledSum;
  private OptionalInt quantile = OptionalInt.empty();

  /** Takes the length of an answer to a call that was left alone. */
  synchronized void addUncontrolled(long tokens) {
    int slot = (int) (uncontrolledCount++ % KEPT);
    uncontrolledSum += clamp(tokens) - uncontrolled[slot];
    uncontrolled[slot] = clamp(tokens);
  }

  /** Takes the length of an answer that the lever shaped. */
  synchronized void addControlled(long tokens) {
    controlled[(int) (controlledCount++ % KEPT)] = clamp(tokens);
    if (controlledCount >= CONTROLLED_MIN && controlledCount % STALE_AFTER == 0) {
      int count = (int) Math.min(controlledCount, KEPT);
      int[] sorted = Arrays.copyOf(controlled, count);
      Arrays.sort(sorted);
      quantile = OptionalInt.of(sorted[(int) Math.ceil(QUANTILE * count) - 1]);
    }
  }

  /** {@return the mean length without the lever, once enough calls were left alone} */
  synchronized OptionalLong uncontrolledMean() {
    return uncontrolledCount < UNCONTROLLED_MIN
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(uncontrolledSum / (double) Math.min(uncontrolledCount, KEPT)));
  }

  /** {@return the 99th percentile with the lever, once there are enough answers} */
  synchronized OptionalInt controlledQuantile() {
    return quantile;
  }

  /** {@return the share of the newest answers that are longer than a limit; 0 of too few} */
  synchronized double shareOver(long limit) {
    int count = (int) Math.min(controlledCount, RECENT);
    if (count < RECENT_MIN) {
      return 0;
    }
    int over = 0;
    for (long at = controlledCount - count; at < controlledCount; at++) {
      over += controlled[(int) (at % KEPT)] > limit ? 1 : 0;
    }
    return over / (double) count;
  }

  private static int clamp(long tokens) {
    return Math.clamp(tokens, 0, Integer.MAX_VALUE);
  }
}
