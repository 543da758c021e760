package dev.askonce.bench.replication;

import static dev.askonce.bench.replication.FaultKind.FAILOVER;
import static dev.askonce.bench.replication.FaultKind.FLUSH;
import static dev.askonce.bench.replication.FaultKind.FULL;
import static dev.askonce.bench.replication.FaultKind.KILL;
import static dev.askonce.bench.replication.FaultKind.NETWORK_LOSS;
import static dev.askonce.bench.replication.FaultKind.REOPEN;
import static dev.askonce.bench.replication.FaultKind.RESTART;
import static dev.askonce.bench.replication.FaultKind.TAIL_LOSS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Faults of servers and caches, drawn one after another: each kind comes as often as it is in the
 * deck, in an order of its own each time.
 */
final class Deck {
  private static final List<FaultKind> EVERYWHERE =
      List.of(
          NETWORK_LOSS,
          NETWORK_LOSS,
          NETWORK_LOSS,
          NETWORK_LOSS,
          FLUSH,
          FLUSH,
          FLUSH,
          KILL,
          KILL,
          KILL,
          REOPEN,
          REOPEN,
          FULL,
          FULL,
          RESTART);
  private static final List<FaultKind> WITH_REPLICAS =
      List.of(FAILOVER, FAILOVER, TAIL_LOSS, TAIL_LOSS);

  private final Random random;
  private final List<FaultKind> kinds = new ArrayList<>(EVERYWHERE);
  private final List<FaultKind> left = new ArrayList<>();

  /**
   * @param replicas whether there are any, that can take a primary's place
   */
  Deck(Random random, boolean replicas) {
    this.random = random;
    if (replicas) {
      kinds.addAll(WITH_REPLICAS);
    }
  }

  FaultKind draw() {
    if (left.isEmpty()) {
      left.addAll(kinds);
      Collections.shuffle(left, random);
    }
    return left.removeLast();
  }
}
