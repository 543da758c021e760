package dev.askonce.bench.replication;

import dev.askonce.engine.CacheException;

/**
 * How a campaign is run.
 *
 * @param faults how many are injected, at least
 * @param round faults after which the servers are left in peace and the caches compared
 * @param failovers how many there are among the faults, at least; half of them lose a tail
 * @param seed of the order of calls and faults; when threads run is not in it
 */
public record FaultSettings(int faults, int round, int failovers, long seed, Topology topology) {
  /** How the servers are arranged. */
  public enum Topology {
    SINGLE,
    CLUSTER,
    SENTINEL;

    /** {@return whether there are replicas that can take a primary's place} */
    boolean hasReplicas() {
      return this != SINGLE;
    }
  }

  public FaultSettings {
    if (faults < 1 || round < 1 || failovers < 0) {
      throw new CacheException.InvalidOption(
          "faults %d, round %d and failovers %d: from 1, 1 and 0"
              .formatted(faults, round, failovers));
    }
    if (failovers > 0 && !topology.hasReplicas()) {
      throw new CacheException.InvalidOption(
          "failovers " + failovers + ": one server has no replica, take cluster or sentinel");
    }
  }
}
