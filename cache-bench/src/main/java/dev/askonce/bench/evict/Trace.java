package dev.askonce.bench.evict;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/** The kinds of traffic. Each is made from a seed, for a cache of so many entries. */
public enum Trace {
  /** Popularity that does not change. */
  ZIPF(false),
  /** The popular topics are replaced by others, a few at a time. */
  DRIFT(false),
  /** A fifth of the requests goes to a flash topic: forty questions, asked for a short time. */
  BURSTS(false),
  /** Runs of questions that nobody asks again, two fifths of all requests. */
  SCANS(false),
  /** A quarter more questions than the cache holds, one after another and again. */
  LOOP(false),
  /** Sizes spread as a log-normal; all cost the same. */
  SIZES(false),
  /** Cost spread as a log-normal, whatever the popularity. */
  COST(true),
  /** Cost in proportion to the size, which is spread as a log-normal. */
  COST_BY_SIZE(true),
  /** The rarer the question, the more it costs. */
  COST_OF_RARE(true),
  /** Drift, flash topics, scans, spread costs and sizes together. */
  MIXED(true);

  private static final double EXPONENT = 0.9;
  private static final int UNIVERSE_FACTOR = 25;

  /** The mean size of an entry. */
  static final int BYTES = 4_000;

  private static final long COST_NANOS = 2_000_000;
  private static final int BYTES_MIN = 500;
  private static final int BYTES_MAX = 1 << 20;

  private final boolean skewsCost;

  Trace(boolean skewsCost) {
    this.skewsCost = skewsCost;
  }

  /** {@return the name in rows} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@return whether a policy that sees cost must win} */
  public boolean skewsCost() {
    return skewsCost;
  }

  /**
   * @param count requests
   * @param entries what the cache holds, about: how many questions there are goes with it
   */
  Requests make(int count, int entries, long seed) {
    Random random = new Random(seed * 31 + ordinal());
    Keys keys = new Keys(count, UNIVERSE_FACTOR * entries, random);
    switch (this) {
      case LOOP -> keys.loop(entries + entries / 4);
      case DRIFT -> keys.fill(true, 0, 0);
      case BURSTS -> keys.fill(false, 0.2, 0);
      case SCANS -> keys.fill(false, 0, 0.4);
      case MIXED -> keys.fill(true, 0.1, 0.2);
      default -> keys.fill(false, 0, 0);
    }
    int[] bytes = new int[keys.count()];
    long[] cost = new long[keys.count()];
    boolean spreadsSize = this == SIZES || this == COST_BY_SIZE || this == MIXED;
    boolean spreadsCost = this == COST || this == MIXED;
    for (int key = 0; key < bytes.length; key++) {
      bytes[key] =
          spreadsSize
              ? (int) Math.clamp(BYTES * logNormal(random, 1), BYTES_MIN, BYTES_MAX)
              : BYTES;
      cost[key] = spreadsCost ? 1 + (long) (COST_NANOS * logNormal(random, 1.5)) : COST_NANOS;
      if (this == COST_BY_SIZE) {
        cost[key] = COST_NANOS * bytes[key] / BYTES;
      } else if (this == COST_OF_RARE) {
        cost[key] = 1 + (long) (COST_NANOS * Math.pow((key + 1.0) / entries, 0.6));
      }
    }
    return new Requests(label(), keys.keys, cost, bytes);
  }

  /** {@return a factor of mean 1} */
  private static double logNormal(Random random, double sigma) {
    return Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
  }

  /** The keys of a stream while it is made; a key that was never asked for is the next number. */
  private static final class Keys {
    private static final int FLASH_KEYS = 40;
    private static final int FLASH_LENGTH = 2_000;
    private static final int SCAN_LENGTH = 500;
    private static final int DRIFT_EVERY = 100;

    final int[] keys;
    private final int universe;
    private final Random random;
    private int next;

    Keys(int count, int universe, Random random) {
      keys = new int[count];
      this.universe = universe;
      this.random = random;
      next = universe;
    }

    int count() {
      return next;
    }

    void loop(int length) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = i % length;
      }
    }

    void fill(boolean drifts, double flashShare, double scanShare) {
      Zipf zipf = new Zipf(universe, EXPONENT);
      int[] keyOfRank = new int[universe];
      Arrays.setAll(keyOfRank, IntUnaryOperator.identity());
      int flash = 0;
      int scanLeft = 0;
      for (int i = 0; i < keys.length; i++) {
        if (flashShare > 0 && i % FLASH_LENGTH == 0) {
          flash = next;
          next += FLASH_KEYS;
        }
        if (drifts && i % DRIFT_EVERY == 0) {
          // Log-uniform: in each octave of ranks as many change.
          int rank = (int) Math.exp(random.nextDouble() * Math.log(universe));
          keyOfRank[rank - 1] = next++;
        }
        if (scanLeft == 0 && random.nextDouble() < scanShare / (1 - scanShare) / SCAN_LENGTH) {
          scanLeft = SCAN_LENGTH;
        }
        if (scanLeft > 0) {
          scanLeft--;
          keys[i] = next++;
        } else if (random.nextDouble() < flashShare) {
          keys[i] = flash + random.nextInt(FLASH_KEYS);
        } else {
          keys[i] = keyOfRank[zipf.draw(random)];
        }
      }
    }
  }
}
