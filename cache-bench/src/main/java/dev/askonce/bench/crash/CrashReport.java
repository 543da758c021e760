package dev.askonce.bench.crash;

import java.util.List;
import java.util.Map;

/**
 * What a campaign found.
 *
 * @param cycles kills, of both kinds
 * @param randomKills by SIGKILL, at a random moment; those that did not reach their point included
 * @param terminations by SIGTERM, at a random moment
 * @param wrong answers that must not have been given
 * @param hung children that told nothing for 30 s
 * @param refused openings that failed, or moved aside a store with acknowledged entries
 * @param failed children in which a call threw, or that died by themselves
 * @param lost acknowledged entries that were not there, though nothing had removed them
 * @param kept acknowledged entries that were asked for after a kill and were there
 * @param keptShare of both
 * @param dropped puts that were refused, and no invalidation meanwhile explains it
 * @param verified openings after which everything was asked for
 * @param points by name, how often a child ended itself there
 * @param unreachedPoints kills at points that did not come to pass
 * @param evidence directories with a store, its oracle and its errors that were kept
 * @param findings the first things that were found
 */
public record CrashReport(
    int cycles,
    int randomKills,
    int terminations,
    long wrong,
    int hung,
    int refused,
    int failed,
    long lost,
    long kept,
    double keptShare,
    long dropped,
    int verified,
    long seed,
    double seconds,
    Map<String, Integer> points,
    int unreachedPoints,
    List<String> evidence,
    List<String> findings) {
  private static final double KEPT_SHARE_MIN = 0.999;

  /** {@return whether all is as promised} */
  public boolean isGood() {
    return wrong == 0
        && hung == 0
        && refused == 0
        && failed == 0
        && unreachedPoints == 0
        && keptShare >= KEPT_SHARE_MIN;
  }
}
