package dev.askonce.engine.internal.policy;

/**
 * How soon an entry will be used, by how often it was used, how long ago, and what a use saves:
 * learned from the traffic itself.
 *
 * <p>Threading: {@link #used} by any thread, without ordering: what is lost is one use of many. The
 * rest under the writer's lock.
 */
final class UseForecast {
  /*
   * Entries fall into classes of count, age and kind; for each class the forecast knows how many
   * uses there were and for how many requests entries were in it. Uses over exposure is the rate of
   * a class now. What an entry is worth is not that rate, since the entry grows older while it is
   * kept: it is the most uses a request that keeping it brings, over all ages at which one may give
   * up. That is its Gittins index (1979), the reward of the best stopping time; LHD (Beckmann and
   * others, 2018) ranks by a similar density.
   *
   * Classes with few uses lean on wider ones: a kind's rate on that of all kinds at this count and
   * age, and that one on what a Poisson process of this count would do.
   */

  /** Classes of what a use saves. */
  static final int KINDS = 8;

  private static final int AGES = UseWord.AGE_CLASSES;
  private static final int ROWS = UseWord.COUNT_CLASSES;
  private static final int CELLS = ROWS * AGES * KINDS;

  /** What is believed of all kinds weighs as much as so many uses; of one kind, as one use. */
  private static final float BELIEF_USES = 2;

  /** What was noted counts half after so many turns, and not before so many requests. */
  private static final float MEMORY_TURNS = 16;

  private static final float MEMORY_REQUESTS = 65_536;

  /** Only grows, so that the writer need not wait for lookups. */
  private final int[] used = new int[CELLS];

  private final int[] learned = new int[CELLS];
  private final float[] uses = new float[CELLS];
  private final float[] exposure = new float[CELLS];
  private final float[] index = new float[CELLS];

  private final float[] rateOfAll = new float[AGES];
  private final float[] rate = new float[AGES];
  private final float[] leaves = new float[AGES];

  UseForecast() {
    learn(0, 1);
  }

  /** {@return the class of an entry at a time} */
  static int cell(int word, int now, int kind) {
    return at(UseWord.countClass(word), UseWord.ageClass(UseWord.age(word, now)), kind);
  }

  private static int at(int row, int age, int kind) {
    return (row * AGES + age) * KINDS + kind;
  }

  /** Notes that an entry of a class was used. */
  void used(int cell) {
    used[cell]++;
  }

  /** Notes that entries were in a class, for so many requests together. */
  void exposed(int cell, float requests) {
    exposure[cell] += requests;
  }

  /** {@return the uses a request to expect of an entry that is given up at the best age} */
  float index(int cell) {
    return index[cell];
  }

  /**
   * Learns from what was noted since the last time.
   *
   * @param requests that came meanwhile
   * @param tickRequests requests in a tick
   */
  void learn(float requests, float tickRequests) {
    float turnRequests = UseWord.TICKS_PER_TURN * tickRequests;
    float memory = Math.max(MEMORY_TURNS * turnRequests, MEMORY_REQUESTS);
    float keep = (float) Math.pow(0.5, requests / memory);
    for (int cell = 0; cell < CELLS; cell++) {
      int now = used[cell];
      uses[cell] = uses[cell] * keep + (now - learned[cell]);
      learned[cell] = now;
      exposure[cell] *= keep;
    }
    for (int row = 0; row < ROWS; row++) {
      learnRow(row, tickRequests);
    }
  }

  private void learnRow(int row, float tickRequests) {
    // The count over the requests that it remembers.
    float poisson =
        UseWord.usesOf(row) * (float) Math.log(2) / (UseWord.HALF_LIFE_TICKS * tickRequests);
    for (int age = 0; age < AGES; age++) {
      float usesOfAll = 0;
      float exposureOfAll = 0;
      for (int kind = 0; kind < KINDS; kind++) {
        usesOfAll += uses[at(row, age, kind)];
        exposureOfAll += exposure[at(row, age, kind)];
      }
      rateOfAll[age] = (usesOfAll + BELIEF_USES) / (exposureOfAll + BELIEF_USES / poisson);
    }
    int unseen = KINDS;
    for (int kind = 0; kind < KINDS; kind++) {
      if (isSeen(row, kind)) {
        learnKind(row, kind, tickRequests);
      } else if (unseen == KINDS) {
        learnKind(row, kind, tickRequests);
        unseen = kind;
      } else {
        // Nothing but what is believed of all kinds, as of the other one.
        for (int age = 0; age < AGES; age++) {
          index[at(row, age, kind)] = index[at(row, age, unseen)];
        }
      }
    }
  }

  private boolean isSeen(int row, int kind) {
    for (int age = 0; age < AGES; age++) {
      if (uses[at(row, age, kind)] > 0 || exposure[at(row, age, kind)] > 0) {
        return true;
      }
    }
    return false;
  }

  private void learnKind(int row, int kind, float tickRequests) {
    float seen = 1;
    float expected = 1;
    for (int age = 0; age < AGES; age++) {
      seen += uses[at(row, age, kind)];
      expected += exposure[at(row, age, kind)] * rateOfAll[age];
    }
    for (int age = 0; age < AGES; age++) {
      int cell = at(row, age, kind);
      float believed = rateOfAll[age] * seen / expected;
      rate[age] = (uses[cell] + 1) / (exposure[cell] + 1 / believed);
      leaves[age] = (float) -Math.expm1(-rate[age] * UseWord.ticksOf(age) * tickRequests);
    }
    for (int age = 0; age < AGES; age++) {
      index[at(row, age, kind)] = best(age);
    }
  }

  /** {@return the most uses per request from an age on, over all ages at which one may give up} */
  private float best(int from) {
    float best = 0;
    float stays = 1;
    float reward = 0;
    float time = 0;
    for (int age = from; age < AGES; age++) {
      reward += stays * leaves[age];
      time += stays * leaves[age] / rate[age];
      stays *= 1 - leaves[age];
      best = Math.max(best, reward / time);
    }
    return best;
  }
}
