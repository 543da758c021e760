package dev.askonce.engine.internal.cache;

import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.Route;
import dev.askonce.engine.RouteStats;
import dev.askonce.engine.WrongShare;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Hash128;
import java.util.concurrent.atomic.LongAdder;

/**
 * A route at work: what may answer on it, how strict it is now, and what is known of its wrong
 * share.
 *
 * <p>Every step of tightening halves the accepted wrong share, and takes three tenths of what the
 * threshold leaves below 1; the last one leaves the exact tier alone. A step needs {@link
 * #WRONG_MIN} wrong answers, all found by checks or all reported, and a share of them whose 95%
 * interval lies above what the operator accepts. Reports count for hits that were served since the
 * evidence began only, and tighten not before so many were served that {@link #WRONG_MIN} are what
 * is accepted. The evidence begins anew with each step, since it was gathered at another
 * strictness, and with each opening. Only the operator takes steps back. A shadow route takes none:
 * it measures.
 *
 * <p>Threading: counts are adders; evidence and level are under the monitor.
 */
final class RouteState {
  /** Steps of tightening; the last one serves nothing by similarity. */
  static final int LEVEL_MAX = 5;

  /** So few may be bad luck. */
  static final int WRONG_MIN = 3;

  private static final double SHARE_FACTOR = 0.5;
  private static final double DISTANCE_FACTOR = 0.7;

  /** From so many on all counts are halved: what was long ago weighs less and less. */
  private static final long CHECKED_MAX = 2_000;

  private static final long SERVED_MAX = 1_000_000;

  /**
   * What is asked of a hit by similarity.
   *
   * @param threshold least raw cosine
   * @param wrongShareMax accepted wrong share
   * @param exactOnly nothing may be served by similarity
   */
  record Strictness(float threshold, double wrongShareMax, boolean exactOnly) {}

  final String name;

  /** Keyed hash of the name. */
  final Hash128 hash;

  final DecisionPolicy policy;
  final boolean shadow;
  final double checkedShare;

  private final boolean tightens;
  private final double threshold;
  private final double wrongShareMax;
  private final LongAdder exactHits = new LongAdder();
  private final LongAdder semanticHits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder withheld = new LongAdder();
  private final LongAdder undecided = new LongAdder();

  private volatile Strictness inForce;

  /* Under the monitor. */

  private int level;
  private long begunMillis;
  private long servedBefore;
  private long reported;
  private long checked;
  private long wrong;

  RouteState(
      String name, Hash128 hash, Route route, CacheSettings settings, int level, long nowMillis) {
    this.name = name;
    this.hash = hash;
    policy = route.policy().orElse(settings.policy());
    shadow = route.shadow();
    checkedShare = route.checkedShare();
    tightens = route.tightens();
    threshold = route.threshold().orElse(settings.threshold());
    wrongShareMax = route.wrongShareMax().orElse(settings.wrongShareMax());
    begunMillis = nowMillis;
    level(canTighten() ? Math.min(level, LEVEL_MAX) : 0);
  }

  private boolean canTighten() {
    return tightens && !shadow;
  }

  private void level(int value) {
    level = value;
    double distance = (1 - threshold) * Math.pow(DISTANCE_FACTOR, level);
    inForce =
        new Strictness(
            (float) (level == 0 ? threshold : 1 - distance),
            wrongShareMax * Math.pow(SHARE_FACTOR, level),
            level == LEVEL_MAX);
  }

  /** {@return what holds for one lookup: it may ask for more, never for less} */
  Strictness strictness(LookupOptions options) {
    Strictness own = inForce;
    return new Strictness(
        (float) Math.max(own.threshold, options.threshold().orElse(0)),
        Math.min(own.wrongShareMax, options.wrongShareMax().orElse(1)),
        own.exactOnly || options.exactOnly());
  }

  void count(Lookup lookup) {
    if (lookup.isHit()) {
      (lookup.hit().get().kind() == HitKind.EXACT ? exactHits : semanticHits).increment();
    } else {
      misses.increment();
      if (lookup.withheld().isPresent()) {
        withheld.increment();
      }
    }
  }

  /** Counts a check that came to nothing. */
  void undecided() {
    undecided.increment();
  }

  /** Counts a hit that a ticket which had counted as a miss got after all. */
  void countLate(Lookup hit) {
    misses.decrement();
    count(hit);
  }

  /** Counts a check. {@return whether the route was tightened for it} */
  synchronized boolean checked(boolean right, long nowMillis) {
    age();
    checked++;
    wrong += right ? 0 : 1;
    return tighten(nowMillis);
  }

  /**
   * Counts a hit that was reported as wrong, if it was served since the evidence began.
   *
   * @return whether the route was tightened for it
   */
  synchronized boolean reported(long servedMillis, long nowMillis) {
    if (shadow || servedMillis < begunMillis) {
      return false;
    }
    age();
    reported++;
    return tighten(nowMillis);
  }

  private boolean tighten(long nowMillis) {
    WrongShare known = wrongShare();
    boolean byChecks = wrong >= WRONG_MIN && known.lowOfChecked() > wrongShareMax;
    boolean byReports =
        reported >= WRONG_MIN
            && known.served() * wrongShareMax >= WRONG_MIN
            && known.lowOfReported() > wrongShareMax;
    if (!canTighten() || level == LEVEL_MAX || !byChecks && !byReports) {
      return false;
    }
    level(level + 1);
    forget(nowMillis);
    return true;
  }

  private void forget(long nowMillis) {
    begunMillis = nowMillis;
    servedBefore = semanticHits.sum();
    reported = 0;
    checked = 0;
    wrong = 0;
  }

  /** Takes all steps back. {@return whether there were any} */
  synchronized boolean loosen(long nowMillis) {
    boolean tightened = level > 0;
    level(0);
    forget(nowMillis);
    return tightened;
  }

  /** {@return how often it was tightened} */
  synchronized int level() {
    return level;
  }

  private void age() {
    if (checked >= CHECKED_MAX) {
      checked /= 2;
      wrong /= 2;
    }
    long served = semanticHits.sum() - servedBefore;
    if (served >= SERVED_MAX) {
      servedBefore += served / 2;
      reported /= 2;
    }
  }

  private WrongShare wrongShare() {
    return WrongShare.of(semanticHits.sum() - servedBefore, reported, checked, wrong);
  }

  synchronized RouteStats stats() {
    Strictness own = inForce;
    return new RouteStats(
        exactHits.sum(),
        semanticHits.sum(),
        misses.sum(),
        withheld.sum(),
        undecided.sum(),
        level,
        own.threshold,
        own.wrongShareMax,
        own.exactOnly,
        wrongShare());
  }
}
