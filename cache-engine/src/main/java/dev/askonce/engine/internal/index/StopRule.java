package dev.askonce.engine.internal.index;

import java.util.Arrays;

/**
 * When a search may stop: as soon as the node that it would visit next is worse than a number of
 * nodes that it has visited, its width. The width depends on the best estimate met so far: a search
 * that has met nothing near need not look far. Immutable.
 */
final class StopRule {
  /** Steps of 0.1, from below 0.4 to above 1. */
  static final int STEPS = 8;

  private static final int FIRST_STEP = 3;

  private final int[] widths;
  private final int widthMax;

  /**
   * @param widths one for each step of the best estimate, none below the one before
   */
  StopRule(int[] widths) {
    this.widths = widths;
    widthMax = widths[STEPS - 1];
  }

  /** {@return the rule of a search that never stops early} */
  static StopRule full(int width) {
    int[] widths = new int[STEPS];
    Arrays.fill(widths, width);
    return new StopRule(widths);
  }

  static int step(float best) {
    return Math.clamp((int) (best * 10) - FIRST_STEP, 0, STEPS - 1);
  }

  int width(float best) {
    return widths[step(best)];
  }

  int widthAt(int step) {
    return widths[step];
  }

  int widthMax() {
    return widthMax;
  }

  /** {@return whether this rule would have stopped a full search that went on to a find} */
  boolean loses(long ranks) {
    for (int step = 0; step < STEPS; step++) {
      if (VisitOrder.rank(ranks, step) >= widths[step]) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return Arrays.toString(widths);
  }
}
