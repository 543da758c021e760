package dev.askonce.bench.replication;

import java.util.List;
import java.util.Map;

/**
 * What came of it.
 *
 * @param faults injected, by kind
 * @param total of them
 * @param puts whose calls returned
 * @param removals whose calls returned
 * @param wrong answers that were never put for their scope and text, or that the same cache had
 *     removed
 * @param lost puts that were neither removed nor replaced, and are not found at the end of a round
 * @param unequal caches' answers that differ at the end of a round
 * @param rounds after each of which all caches were compared
 * @param joins and
 * @param losses of logs that caches noticed
 * @param snapshots that they made
 * @param tailBytes of replication, at least, that replicas lacked when they took a primary's place
 * @param findings some of what was wrong
 * @param failure what the servers did not do, for which the campaign ended early; null where it did
 *     not
 */
public record FaultReport(
    String topology,
    Map<String, Long> faults,
    long total,
    long puts,
    long removals,
    long lookups,
    long hits,
    long wrong,
    long lost,
    long unequal,
    int rounds,
    long joins,
    long losses,
    long snapshots,
    long tailBytes,
    long seed,
    double seconds,
    List<String> findings,
    String failure) {

  /** {@return whether nothing was wrong, as far as it came} */
  public boolean isGood() {
    return wrong == 0 && lost == 0 && unequal == 0;
  }
}
