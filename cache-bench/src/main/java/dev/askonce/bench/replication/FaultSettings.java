package dev.askonce.bench.replication;

import dev.askonce.engine.CacheException;

/**
 * How a campaign is run.
 *
 * @param faults how many are injected, at least
 * @param round faults after which the servers are left in peace and the caches compared
 * @param seed of the order of calls and faults; when threads run is not in it
 */
public record FaultSettings(int faults, int round, long seed, Topology topology) {
  /** How the servers are arranged. */
  public enum Topology {
    SINGLE,
    CLUSTER,
    SENTINEL
  }

  public FaultSettings {
    if (faults < 1 || round < 1) {
      throw new CacheException.InvalidOption(
          "faults " + faults + " and round " + round + ": from 1");
    }
  }
}
