package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;

/**
 * Which node to ask about a slot; learns it at the first call, and again when there are signs that
 * it has changed.
 *
 * <pre>
 *   first call                              ask, and wait for it
 *   READONLY, a reader's new connection     ask, and wait for it
 *   MOVED                                   go where it says, and ask in the background
 *   trouble, an answer that is old          ask in the background
 * </pre>
 *
 * <p>Threading: any number of threads.
 */
final class Discovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(Discovery.class);

  /**
   * A node of a Cluster says itself when a slot has left it, and takes nothing any more when it is
   * cut off from the others.
   */
  private static final long CLUSTER_AGE_NANOS_MAX = Duration.ofSeconds(10).toNanos();

  /** An old primary takes commands until the Sentinels reach it, and what it took is lost then. */
  private static final long SENTINEL_AGE_NANOS_MAX = Duration.ofSeconds(1).toNanos();

  /** Servers that fail over take seconds, and are not to be asked at each call meanwhile. */
  private static final long GAP_NANOS = Duration.ofMillis(100).toNanos();

  private final ServerSettings settings;
  private final Nodes nodes;
  private final Locator locator;
  private final Circuit circuit;
  private final ReentrantLock lock = new ReentrantLock();

  /** The last round of questions; null before the first. Under the lock. */
  private FutureTask<?> round;

  /** Null until servers have answered. */
  private volatile SlotTable table;

  private volatile long askedAtNanos;

  Discovery(ServerSettings settings, Nodes nodes, Connections connections) {
    this.settings = settings;
    this.nodes = nodes;
    circuit =
        new Circuit(settings.failuresMax(), settings.backoff().toNanos(), settings.nanoTime());
    RedisAddress address = settings.address();
    locator =
        switch (address.topology()) {
          case SERVER -> Locator.fixed(SlotTable.ofOne(address.hosts().getFirst()));
          case SENTINEL -> new SentinelLocator(settings, connections);
          case CLUSTER -> new ClusterLocator(settings, nodes);
        };
    if (isFixed()) {
      table = SlotTable.ofOne(address.hosts().getFirst());
    }
  }

  private boolean isFixed() {
    return settings.address().topology() == RedisAddress.Topology.SERVER;
  }

  boolean isCluster() {
    return settings.address().topology() == RedisAddress.Topology.CLUSTER;
  }

  /** {@return the node that owns the slot, as far as is known} */
  Node node(int slot) throws Trouble {
    if (table == null) {
      if (!circuit.admits()) {
        throw new Trouble(RedisTrouble.CIRCUIT_OPEN);
      }
      ask();
    } else if (isOld()) {
      suspect();
    }
    HostAndPort owner = table.owner(slot).orElseThrow(() -> new Trouble(RedisTrouble.UNREACHABLE));
    return nodes.at(owner);
  }

  /** Asks the servers, and waits until one has answered. {@return who owns slots, as it says} */
  List<Servers.Primary> primaries() throws Trouble {
    ask();
    return table.primaries();
  }

  private boolean isOld() {
    long ageMax =
        switch (settings.address().topology()) {
          case SERVER -> Long.MAX_VALUE;
          case SENTINEL -> SENTINEL_AGE_NANOS_MAX;
          case CLUSTER -> CLUSTER_AGE_NANOS_MAX;
        };
    return settings.nanoTime().getAsLong() - askedAtNanos > ageMax;
  }

  /**
   * Asks the servers, and waits until one has answered, no longer than for a command. All that ask
   * at a time wait for one round, which goes on when they have given up.
   */
  void ask() throws Trouble {
    if (isFixed()) {
      return;
    }
    try {
      round().get(settings.waitNanosMax(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new Trouble(RedisTrouble.TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Trouble(RedisTrouble.INTERRUPTED);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Trouble trouble ? trouble : new Trouble(RedisTrouble.BROKEN);
    }
  }

  /** {@return the round that is under way, begun now if there is none} */
  private Future<?> round() {
    lock.lock();
    try {
      if (round == null || round.isDone()) {
        round =
            new FutureTask<>(
                () -> {
                  askNow();
                  return null;
                });
        Bounded.THREADS.newThread(round).start();
      }
      return round;
    } finally {
      lock.unlock();
    }
  }

  private void askNow() throws Trouble {
    askedAtNanos = settings.nanoTime().getAsLong();
    try {
      table = locator.locate(table == null ? Set.of() : table.members());
      nodes.retain(table.members());
      if (circuit.succeeded()) {
        LOGGER.info("{} answers again", settings.address());
      }
    } catch (Trouble e) {
      LOGGER.debug("{} did not say who is primary: {}", settings.address(), e.kind());
      if (circuit.failed()) {
        LOGGER.warn("none of {} says who is primary: {}", settings.address(), e.kind());
      }
      throw e;
    }
  }

  /** Asks the servers in the background, unless somebody does or has just done so. */
  void suspect() {
    if (!isFixed() && settings.nanoTime().getAsLong() - askedAtNanos > GAP_NANOS) {
      round();
    }
  }

  /** A node of the Cluster has said who owns the slot. */
  Node moved(int slot, HostAndPort to) throws Trouble {
    SlotTable known = table;
    if (known != null) {
      known.moved(slot, to);
    }
    suspect();
    return nodes.at(to);
  }
}
