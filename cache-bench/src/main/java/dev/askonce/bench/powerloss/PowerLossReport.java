package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.Tally;
import java.util.List;

/**
 * What a campaign came to; {@link Outcome} says what is counted.
 *
 * @param cycles stores, as power cuts may have left them, that were opened and asked
 * @param revived answers that had been invalidated before the cut
 * @param excess entries that were on the disk and are gone
 * @param lost texts that were put and do not answer: not on the disk, or invalidated
 * @param exhausted moments of which every combination was tried
 * @param chronicle those of the stores whose answers were in Chronicle Maps
 * @param findings a sentence on each failure, as far as there is room for them
 */
public record PowerLossReport(
    long cycles,
    long wrong,
    long revived,
    long hung,
    long crashed,
    long refused,
    long excess,
    long grown,
    long thrown,
    long lost,
    long kept,
    long movedAside,
    long exhausted,
    long chronicle,
    long seed,
    double seconds,
    List<String> findings) {
  static PowerLossReport of(
      Tally tally, long chronicle, long seed, double seconds, List<String> findings) {
    return new PowerLossReport(
        tally.of(Outcome.IMAGES),
        tally.of(Outcome.WRONG),
        tally.of(Outcome.REVIVED),
        tally.of(Outcome.HUNG),
        tally.of(Outcome.CRASHED),
        tally.of(Outcome.REFUSED),
        tally.of(Outcome.EXCESS),
        tally.of(Outcome.GROWN),
        tally.of(Outcome.THROWN),
        tally.of(Outcome.LOST),
        tally.of(Outcome.KEPT),
        tally.of(Outcome.ASIDE),
        tally.of(Outcome.EXHAUSTED),
        chronicle,
        seed,
        seconds,
        findings);
  }

  /** Whether the engine stood all of it. */
  public boolean sound() {
    return wrong + revived + hung + crashed + refused + excess + grown + thrown == 0;
  }
}
