package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.redis.internal.server.StreamId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of all caches loads which answer: a key on the server that one of them can set. It ends by
 * itself where its owner dies, and is renewed while the owner lives. Where the server is out of
 * reach, everybody loads.
 *
 * <p>Threading: any thread.
 */
final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** How long a lease lasts without being renewed. */
  static final long LEASE_MILLIS = 5_000;

  /** How long a lease whose answer is stored is kept until it is published. */
  private static final long STORED_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  /** How long a follower waits before it looks whether the lease is still there, and at last. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  /** How long is waited for what a leader published that is done: less than for a model. */
  private static final long ARRIVAL_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** Between two looks at how far the log was read: few where many wait on a busy machine. */
  private static final long POLL_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(32);

  /** How long a caller waits for this cache's own lease to be given back. */
  private static final long END_MILLIS_MAX = 100;

  private final Commands commands;
  private final Keys keys;
  private final Counters counters;
  private final String token;
  private final long vectors;

  /** Leases of this cache, by the key of the entry. */
  private final Map<Hash128, Held> held = new ConcurrentHashMap<>();

  /** Leases that are being given back, by the key of the entry, and who does so. */
  private final Map<Hash128, Thread> ending = new ConcurrentHashMap<>();

  /** Followers of this cache, by the key of the entry: one for each, see the engine's flights. */
  private final Map<Hash128, CountDownLatch> awaited = new ConcurrentHashMap<>();

  /**
   * @param token names this cache on the server
   * @param vectors keyed hash of what makes its vectors
   */
  Leases(Commands commands, Keys keys, Counters counters, String token, long vectors) {
    this.commands = commands;
    this.keys = keys;
    this.counters = counters;
    this.token = token;
    this.vectors = vectors;
  }

  /** Asks for the right to load. */
  LoadLease lead(Subscription stream, Hash128 key) {
    awaitEnd(key);
    String name = keys.lease(stream.scope(), key, vectors);
    CountDownLatch arrival = new CountDownLatch(1);
    // Before the question: what arrives while it is asked is not missed.
    awaited.put(key, arrival);
    try {
      if (!commands.claim(stream.shard, name, token, LEASE_MILLIS)) {
        counters.follows.increment();
        return new Followed(stream, key, name, arrival);
      }
    } catch (LinkDown e) {
      awaited.remove(key, arrival);
      return LoadLease.UNSHARED;
    }
    // Who had the lease before has published: perhaps that is not here yet.
    awaitArrival(stream, arrival);
    awaited.remove(key, arrival);
    counters.leads.increment();
    Held mine = new Held(stream, key, name);
    held.put(key, mine);
    return mine;
  }

  /** Waits for a lease of this cache that is being given back: it is not another cache's. */
  private void awaitEnd(Hash128 key) {
    Thread end = ending.get(key);
    if (end != null) {
      try {
        end.join(END_MILLIS_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitArrival(Subscription stream, CountDownLatch arrival) {
    try {
      awaitLog(stream, arrival, ARRIVAL_NANOS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (LinkDown e) {
      LOG.debug("what other caches loaded cannot be seen: {}", e.getMessage());
    }
  }

  /** Waits until all that is in the log now is here, or the entry itself. */
  private void awaitLog(Subscription stream, CountDownLatch arrival, long nanos)
      throws LinkDown, InterruptedException {
    StreamId end = commands.last(stream);
    long deadline = System.nanoTime() + nanos;
    long poll = TimeUnit.MILLISECONDS.toNanos(1);
    while (stream.position.compareTo(end) < 0 && System.nanoTime() < deadline) {
      if (arrival.await(poll, TimeUnit.NANOSECONDS)) {
        return;
      }
      poll = Math.min(2 * poll, POLL_NANOS_MAX);
    }
  }

  /** An entry of another cache is here. */
  void arrived(Hash128 key) {
    CountDownLatch arrival = awaited.get(key);
    if (arrival != null) {
      arrival.countDown();
    }
  }

  /** An entry of this cache is in the log: others may have it, so they need not wait. */
  void published(Hash128 key) {
    Held mine = held.get(key);
    if (mine != null) {
      mine.isPublished = true;
      if (mine.stored) {
        mine.end();
      }
    }
  }

  /** Renews the leases of this cache. */
  void renew() {
    for (Held mine : held.values()) {
      try {
        if (mine.isOver()) {
          mine.end();
          continue;
        }
        commands.renew(mine.stream.shard, mine.name, token, LEASE_MILLIS);
      } catch (LinkDown e) {
        LOG.debug("a lease was not renewed: {}", e.getMessage());
      }
    }
  }

  /** This cache loads. */
  private final class Held implements LoadLease {
    private final Subscription stream;
    private final Hash128 key;
    private final String name;
    private volatile boolean stored;
    private volatile boolean isPublished;
    private volatile long releasedNanos;

    Held(Subscription stream, Hash128 key, String name) {
      this.stream = stream;
      this.key = key;
      this.name = name;
    }

    @Override
    public boolean leads() {
      return true;
    }

    @Override
    public boolean await(long nanos) {
      return true;
    }

    @Override
    public void release(boolean isStored) {
      releasedNanos = System.nanoTime();
      stored = isStored;
      // What is stored is published soon, perhaps already: whoever comes later ends it.
      if (!isStored || isPublished) {
        end();
      }
    }

    /**
     * {@return whether what was stored ought to have been published by now, and perhaps never is}
     */
    boolean isOver() {
      return stored && System.nanoTime() - releasedNanos > STORED_NANOS_MAX;
    }

    private void end() {
      Thread end = Thread.ofVirtual().name("askonce-redis-release").unstarted(this::giveBack);
      // Before it is no longer held: whoever asks next finds the one or the other.
      ending.put(key, end);
      if (held.remove(key, this)) {
        end.start();
      } else {
        ending.remove(key, end);
      }
    }

    private void giveBack() {
      try {
        commands.unlink(stream.shard, List.of(name));
      } catch (LinkDown e) {
        LOG.debug("a lease ends by itself: {}", e.getMessage());
      } finally {
        ending.remove(key, Thread.currentThread());
      }
    }
  }

  /** Another cache loads. */
  private final class Followed implements LoadLease {
    private final Subscription stream;
    private final Hash128 key;
    private final String name;
    private final CountDownLatch arrival;

    Followed(Subscription stream, Hash128 key, String name, CountDownLatch arrival) {
      this.stream = stream;
      this.key = key;
      this.name = name;
      this.arrival = arrival;
    }

    @Override
    public boolean leads() {
      return false;
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
      long deadline = System.nanoTime() + nanos;
      long look = LOOK_NANOS;
      try {
        while (true) {
          long left = deadline - System.nanoTime();
          if (arrival.await(Math.min(left, look), TimeUnit.NANOSECONDS)) {
            return true;
          }
          look = Math.min(2 * look, LOOK_NANOS_MAX);
          if (left <= 0) {
            return false;
          }
          if (commands.get(stream.shard, name).isEmpty()) {
            awaitLog(stream, arrival, Math.min(left, ARRIVAL_NANOS_MAX));
            return true;
          }
        }
      } catch (LinkDown e) {
        return true;
      }
    }

    @Override
    public void release(boolean stored) {
      awaited.remove(key, arrival);
    }
  }
}
