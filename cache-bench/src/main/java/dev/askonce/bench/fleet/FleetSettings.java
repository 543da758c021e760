package dev.askonce.bench.fleet;

import static dev.askonce.bench.data.InputException.require;

import java.util.Set;

/**
 * What is measured.
 *
 * @param parts which measurements
 * @param latencies puts that are waited for, one after another
 * @param puts entries of each measurement of throughput
 * @param lookupEntries entries that are looked up in
 * @param joinEntries entries of the scope that is joined
 * @param processes that ask the same at once
 * @param questions that each of them asks
 */
public record FleetSettings(
    Set<Part> parts,
    int latencies,
    int puts,
    int lookupEntries,
    int joinEntries,
    int processes,
    int questions) {

  /** A measurement. */
  public enum Part {
    LATENCY,
    LOOKUPS,
    PUTS,
    JOIN,
    CALLS
  }

  public FleetSettings {
    parts = Set.copyOf(parts);
    require(latencies >= 10, latencies + " puts to wait for are not from 10");
    require(puts >= 1_000 && puts <= 1_000_000, puts + " puts are not from 1000 to 1000000");
    require(
        lookupEntries >= 1_000 && lookupEntries <= 1_000_000,
        lookupEntries + " entries to look up in are not from 1000 to 1000000");
    require(
        joinEntries >= 1_000 && joinEntries <= 1_000_000,
        joinEntries + " entries to join are not from 1000 to 1000000");
    require(processes >= 2 && processes <= 64, processes + " processes are not from 2 to 64");
    require(questions >= 1, questions + " questions are not from 1");
  }
}
