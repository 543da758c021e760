package dev.askonce.engine.internal.cache;

import java.time.InstantSource;

/**
 * The time by which entries live: the wall clock, as far as it can be believed.
 *
 * <pre>
 *   clock                            lookups and puts            removal
 *   goes on                          by the clock                by the clock
 *   back by up to 5 minutes          stand still until it has caught up
 *   back by more                     go on from where they were, at the clock's pace
 *   forward by more than 5 minutes   by the clock at once        when it has stayed there as long
 * </pre>
 *
 * So what was over stays over, and a clock that is wrong for a moment costs misses and no entries.
 *
 * <p>Threading: {@link #nowMillis} and {@link #sureMillis} by any thread, {@link #observe} under
 * the writer's lock.
 */
final class GuardedClock {
  /** What a clock may jump without being doubted. */
  static final long LEAP_MILLIS = 300_000;

  private static final long NO_LEAP = Long.MIN_VALUE;

  private final InstantSource source;

  /** What is added to a clock that was set back. */
  private volatile long behindMillis;

  /** The highest time that is no leap. */
  private volatile long sureMillis;

  private long leapMillis = NO_LEAP;

  /**
   * @param leastMillis the highest time known from earlier: it is not earlier now
   */
  GuardedClock(InstantSource source, long leastMillis) {
    this.source = source;
    long now = source.millis();
    behindMillis = leastMillis - now > LEAP_MILLIS ? leastMillis - now : 0;
    sureMillis = Math.max(now, leastMillis);
  }

  /** {@return the time by which an entry may answer} */
  long nowMillis() {
    return Math.max(source.millis() + behindMillis, sureMillis);
  }

  /** {@return the time by which entries may be removed: that of the last {@link #observe}} */
  long sureMillis() {
    return sureMillis;
  }

  /** Looks whether the clock jumped. */
  void observe() {
    long now = source.millis() + behindMillis;
    long sure = sureMillis;
    if (now < sure - LEAP_MILLIS) {
      behindMillis += sure - now;
      leapMillis = NO_LEAP;
    } else if (now <= sure + LEAP_MILLIS) {
      sureMillis = Math.max(now, sure);
      leapMillis = NO_LEAP;
    } else if (leapMillis == NO_LEAP || now < leapMillis) {
      leapMillis = now;
    } else if (now - leapMillis >= LEAP_MILLIS) {
      sureMillis = now;
      leapMillis = NO_LEAP;
    }
  }
}
