package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.Tally;
import java.util.List;

/**
 * What a campaign came to; {@link Outcome} says what is counted.
 *
 * @param bits bits of the small store that were flipped, one at a time
 * @param bitsOfStore bits that it has
 * @param flips random bits that were flipped in stores with Chronicle Maps and in snapshots of
 *     graphs
 * @param shapes cuts, changed words, and pages that were zero, swapped or stale
 * @param findings a sentence on each failure, as far as there is room for them
 */
public record CorruptReport(
    long cycles,
    long wrong,
    long hung,
    long crashed,
    long refused,
    long unreported,
    long excess,
    long grown,
    long thrown,
    long lost,
    long kept,
    long movedAside,
    long silent,
    long bits,
    long bitsOfStore,
    long flips,
    long shapes,
    long seed,
    double seconds,
    List<String> findings) {
  static CorruptReport of(
      Tally tally,
      long bits,
      long bitsOfStore,
      long shapes,
      long seed,
      double seconds,
      List<String> findings) {
    return new CorruptReport(
        tally.of(Outcome.CYCLES),
        tally.of(Outcome.WRONG),
        tally.of(Outcome.HUNG),
        tally.of(Outcome.CRASHED),
        tally.of(Outcome.REFUSED),
        tally.of(Outcome.UNREPORTED),
        tally.of(Outcome.EXCESS),
        tally.of(Outcome.GROWN),
        tally.of(Outcome.THROWN),
        tally.of(Outcome.LOST),
        tally.of(Outcome.KEPT),
        tally.of(Outcome.ASIDE),
        tally.of(Outcome.SILENT),
        bits,
        bitsOfStore,
        tally.of(Outcome.FLIPS),
        shapes,
        seed,
        seconds,
        findings);
  }

  /** Whether the engine stood all of it. */
  public boolean sound() {
    return wrong + hung + crashed + refused + unreported + excess + grown + thrown == 0;
  }
}
