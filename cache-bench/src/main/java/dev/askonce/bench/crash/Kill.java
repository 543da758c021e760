package dev.askonce.bench.crash;

import dev.askonce.engine.internal.base.CrashPoint;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** How one child ends. */
sealed interface Kill {
  /** {@return the child's task, as its last arguments} */
  List<String> task();

  /**
   * By a signal from its parent.
   *
   * @param opening whether the time counts from the beginning of the opening, not from its end
   * @param asked whether by SIGTERM, as services are ended: the JVM ends in order, with calls under
   *     way and without a close; else by SIGKILL
   */
  record AtRandom(boolean opening, long delayMillis, boolean asked) implements Kill {
    private static final int OPENING_PERCENT = 30;
    private static final int ASKED_PERCENT = 5;
    private static final double WORK_MILLIS_MEAN = 300;
    private static final double WORK_MILLIS_MAX = 2_000;

    /**
     * @param openMillis what an opening takes
     */
    static AtRandom draw(Random random, long openMillis) {
      boolean opening = random.nextInt(100) < OPENING_PERCENT;
      long delayMillis =
          opening
              ? random.nextLong(openMillis + 1)
              : (long) Math.min(WORK_MILLIS_MAX, random.nextExponential() * WORK_MILLIS_MEAN);
      return new AtRandom(opening, delayMillis, random.nextInt(100) < ASKED_PERCENT);
    }

    @Override
    public List<String> task() {
      return List.of(CrashChild.WORK);
    }
  }

  /** By itself, when it gets to a point for the {@code time}-th time, from 1. */
  record AtPoint(CrashPoint point, int time) implements Kill {
    /** Rare times as well as frequent ones: the logarithm of the time is drawn evenly. */
    static AtPoint draw(CrashPoint point, Random random) {
      return new AtPoint(point, (int) Math.exp(random.nextDouble() * Math.log(timeMax(point) + 1)));
    }

    private static int timeMax(CrashPoint point) {
      return switch (point) {
        case SECRET_FILE_MADE, SUPERBLOCK_FILE_MADE, ASIDE_MADE, ORPHANS_REMOVED -> 1;
        case FEEDBACK_KEPT -> 1;
        case GRAPHS_WRITTEN, GRAPHS_NAMED, KEYS_FILE_MADE, KEY_DESTROYED -> 1;
        case KEY_KEPT -> Profile.TENANTS;
        case SHARD_COPIED, SHARD_RECOVERED, SHARD_NAMED, RECORDS_READ -> 2;
        case CLOSE_BEGUN, TABLE_FORCED, STORE_CLOSED, MARKED_CLEAN -> 2;
        // Two are made with the store, for answers and for prompts, more when these are full.
        case SHARD_PREPARED, SUPERBLOCK_WRITTEN -> 4;
        case ASIDE_MOVED -> 8;
        case SLOTS_FILE_MADE, VECTORS_FILE_MADE, SEGMENT_MAPPED -> 8;
        default -> 300;
      };
    }

    /** {@return whether only a store that is new gets there} */
    boolean needsNewStore() {
      return switch (point) {
        case SECRET_FILE_MADE, SUPERBLOCK_FILE_MADE, SHARD_PREPARED -> true;
        case KEYS_FILE_MADE, KEY_KEPT -> true;
        // An old one knows all pairs of texts that meet.
        case FEEDBACK_KEPT -> true;
        default -> false;
      };
    }

    /** {@return the profile of which alone stores get there, if it is one} */
    Optional<Profile> needsProfile() {
      return switch (point) {
        case GRAPHS_WRITTEN, GRAPHS_NAMED -> Optional.of(Profile.GRAPH);
        case KEYS_FILE_MADE, KEY_KEPT, KEY_DESTROYED -> Optional.of(Profile.ROOMY);
        default -> Optional.empty();
      };
    }

    /** {@return whether only a damaged store gets there} */
    boolean needsDamage() {
      return point == CrashPoint.ASIDE_MADE || point == CrashPoint.ASIDE_MOVED;
    }

    @Override
    public List<String> task() {
      return List.of(point.name(), Integer.toString(time));
    }
  }

  /** Not at all: it asks for everything and closes. */
  record Never() implements Kill {
    @Override
    public List<String> task() {
      return List.of(CrashChild.VERIFY);
    }
  }
}
