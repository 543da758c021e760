package dev.askonce.bench.soak;

import static dev.askonce.bench.data.InputException.require;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is soaked, and for how long.
 *
 * @param entries capacity of the cache, from 1,000 to 1,000,000
 * @param turnovers how often as many entries are put; with minutes, the most
 * @param minutes after which it ends, whatever was put; 0 for no such limit
 * @param directory an empty or new one that is kept
 */
public record SoakSettings(
    int entries, int turnovers, double minutes, long seed, Optional<Path> directory) {
  public SoakSettings {
    require(
        entries >= 1_000 && entries <= 1_000_000,
        entries + " entries are not from 1000 to 1000000");
    require(
        turnovers >= 5 && turnovers <= 1_000_000,
        turnovers + " turnovers are not from 5 to 1000000");
    require(minutes >= 0, minutes + " minutes are not from 0");
  }
}
