package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.redis.RedisTrouble;
import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of all caches loads which answer: a key on the server that one of them can set. It ends by
 * itself where its owner dies, and is renewed while the owner lives. Where the server is out of
 * reach, everybody loads.
 *
 * <pre>
 *              SET NX, GET, and where it is ours the last record of the log
 *   lead() ───▶ ours, the log read to there ─────────▶ this cache loads
 *          ───▶ ours, the log not read ───▶ BEHIND ──▶ read: look up; a miss asks again, and leads
 *          ───▶ another's ────────────────▶ FOLLOWS ─▶ arrived, or over: look up, ask again
 *          ───▶ no answer in time ────────▶ UNASKED ─▶ ask again
 *          ───▶ the server is down ──────────────────▶ this cache loads, as all do
 * </pre>
 *
 * <p>An answer is in the log before its lease is given back. So whoever gets the lease finds behind
 * it all that was loaded under it before, and need only read so far before it knows that there is
 * no answer. Every long wait but that for the server is one of {@link LoadLease#await}, within the
 * caller's own deadline.
 *
 * <p>Threading: any thread; {@link #renew} by one.
 */
final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** How long a lease lasts without being renewed. */
  static final long LEASE_MILLIS = 5_000;

  /** Between two renewals. */
  static final long RENEWAL_MILLIS = 1_000;

  /** A lease that was not confirmed for so long may be another's by the time a command arrives. */
  private static final long SURE_NANOS = TimeUnit.MILLISECONDS.toNanos(LEASE_MILLIS - 1_500);

  /**
   * How long a lease whose answer is stored is kept until it is published, unless others of this
   * cache are being published meanwhile.
   */
  private static final long STORED_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  /** Exchanges that come to nothing before this cache loads without a lease. */
  private static final int ATTEMPTS_MAX = 3;

  /**
   * How long a server that answers elsewhere is asked again: it is this process that gets no
   * processor, and takes answers that it did not read for none.
   */
  private static final long UNASKED_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);

  /** How long a caller waits for this cache's own lease to be given back before it asks again. */
  private static final long END_MILLIS_MAX = 100;

  /** How long whoever got a lease waits for the log before it is a follower of it. */
  private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Nobody can be asked: this cache loads, but for what arrived while it tried. */
  private static final LoadLease ALONE =
      new LoadLease() {
        @Override
        public boolean leads() {
          return true;
        }

        @Override
        public boolean await(long nanos) {
          return true;
        }

        @Override
        public void release(boolean stored) {}
      };

  private final Commands commands;
  private final Commands renewing;
  private final IntPredicate isAnswering;
  private final Keys keys;
  private final Counters counters;
  private final String token;
  private final long vectors;
  private final LongSupplier nanoTime;
  private final LogWait logWait;

  /** Leases of this cache, by the key of the entry. */
  private final Map<Hash128, Held> held = new ConcurrentHashMap<>();

  /** Leases that are being given back, by the key of the entry. */
  private final Map<Hash128, CountDownLatch> ending = new ConcurrentHashMap<>();

  /** Followers of this cache, by the key of the entry: one for each, see the engine's flights. */
  private final Map<Hash128, CountDownLatch> awaited = new ConcurrentHashMap<>();

  /** Who could not ask, by the key of the entry, and is to ask again. */
  private final Map<Hash128, Unasked> unasked = new ConcurrentHashMap<>();

  private final Upkeep renewals = new Upkeep("leases", RENEWAL_MILLIS, tick -> renew());
  private long publishedBefore;
  private volatile long publishedNanos;

  /**
   * @param commands for what a caller waits for
   * @param renewing for renewals, which failures of the others do not concern
   * @param isAnswering whether the server of a shard answered another connection just now
   * @param token names this cache on the server
   * @param vectors keyed hash of what makes its vectors
   */
  Leases(
      Commands commands,
      Commands renewing,
      IntPredicate isAnswering,
      Keys keys,
      Counters counters,
      String token,
      long vectors,
      LongSupplier nanoTime) {
    this.commands = commands;
    this.renewing = renewing;
    this.isAnswering = isAnswering;
    this.keys = keys;
    this.counters = counters;
    this.token = token;
    this.vectors = vectors;
    this.nanoTime = nanoTime;
    logWait = new LogWait(counters);
    publishedNanos = nanoTime.getAsLong();
  }

  /** Begins to renew, on a thread that does nothing else: a slow disk must not cost a lease. */
  void start() {
    renewals.start();
  }

  void close() {
    renewals.close();
  }

  /** Asks for the right to load. */
  LoadLease lead(Subscription stream, Hash128 key) {
    Held before = held.get(key);
    if (before != null && before.isReady()) {
      return before.leading();
    }
    if (before != null && !before.stored) {
      // It ended while the log was read, or nearly: what it was is asked anew.
      held.remove(key, before);
    }
    Unasked last = unasked.remove(key);
    CountDownLatch arrival = new CountDownLatch(1);
    // Before the question: what arrives while it is asked is not missed.
    awaited.put(key, arrival);
    String name = keys.lease(stream.scope(), key, vectors);
    long askedNanos = nanoTime.getAsLong();
    try {
      awaitEnd(key);
      if (!isOurs(commands.take(stream.shard, name, token, LEASE_MILLIS))) {
        counters.follows.increment();
        return new Followed(
            commands, logWait, stream, name, arrival, () -> awaited.remove(key, arrival));
      }
      // Perhaps by an earlier claim whose reply was lost, or for an answer that is gone again.
      Held mine = new Held(stream, key, name, arrival, commands.last(stream), askedNanos);
      held.put(key, mine);
      return mine.isReady() || mine.isReadySoon() ? mine.leading() : mine;
    } catch (LinkDown e) {
      return unasked(stream, key, arrival, last, e);
    }
  }

  private boolean isOurs(Optional<String> holder) {
    return holder.equals(Optional.of(token));
  }

  /**
   * Waits for a lease of this cache that is being given back: the server still names us as its
   * holder.
   */
  private void awaitEnd(Hash128 key) throws LinkDown {
    CountDownLatch end = ending.get(key);
    try {
      if (end != null && !end.await(END_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new LinkDown(RedisTrouble.TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkDown(RedisTrouble.INTERRUPTED);
    }
  }

  private LoadLease unasked(
      Subscription stream, Hash128 key, CountDownLatch arrival, Unasked last, LinkDown why) {
    int attempt = last == null ? 1 : last.attempt() + 1;
    long since = last == null ? nanoTime.getAsLong() : last.sinceNanos();
    boolean answers = why.isOfTheWay() && isAnswering.test(stream.shard);
    boolean again =
        answers
            ? nanoTime.getAsLong() - since < UNASKED_NANOS_MAX
            : why.mayPass() && attempt < ATTEMPTS_MAX;
    if (!again) {
      awaited.remove(key, arrival);
      counters.uncoordinated.increment();
      return ALONE;
    }
    Unasked next = new Unasked(since, attempt, arrival, () -> leave(key, arrival));
    unasked.put(key, next);
    return next;
  }

  /** Whoever was to ask again does not. */
  private void leave(Hash128 key, CountDownLatch arrival) {
    awaited.remove(key, arrival);
    unasked.remove(key);
  }

  /** An entry of another cache is here. */
  void arrived(Hash128 key) {
    CountDownLatch arrival = awaited.get(key);
    if (arrival != null) {
      arrival.countDown();
    }
  }

  /** An answer of this cache is about to be queued: its lease ends when this item is published. */
  void queueing(Publisher.Item.Entry item) {
    Held mine = held.get(item.key());
    if (mine != null && mine.item == null) {
      mine.item = item;
    }
  }

  /** An item is in the log: others may have it, so they need not wait. Or it will never be. */
  void published(Publisher.Item.Entry item) {
    Held mine = held.get(item.key());
    if (mine != null && mine.item == item) {
      mine.isPublished = true;
      if (mine.stored) {
        mine.end();
      }
    }
  }

  /** An item did not fit into the queue, and is found again in the store some time. */
  void unqueued(Publisher.Item.Entry item) {
    Held mine = held.get(item.key());
    if (mine != null && mine.item == item) {
      mine.isQueued = false;
    }
  }

  /** Renews the leases of this cache, those of a shard in one exchange. */
  void renew() {
    long published = counters.published.sum();
    if (published != publishedBefore) {
      publishedBefore = published;
      publishedNanos = nanoTime.getAsLong();
    }
    Map<Integer, List<Held>> byShard = new HashMap<>();
    for (Held mine : held.values()) {
      if (mine.isOver()) {
        mine.end();
      } else {
        byShard.computeIfAbsent(mine.stream.shard, shard -> new ArrayList<>()).add(mine);
      }
    }
    byShard.forEach(this::renew);
  }

  private void renew(int shard, List<Held> mine) {
    long askedNanos = nanoTime.getAsLong();
    try {
      List<Optional<String>> holders =
          renewing.renew(shard, mine.stream().map(each -> each.name).toList(), LEASE_MILLIS);
      for (int i = 0; i < mine.size(); i++) {
        mine.get(i).renewed(holders.get(i), askedNanos);
      }
    } catch (LinkDown e) {
      LOG.debug("leases were not renewed: {}", e.getMessage());
    }
  }

  /** The lease is this cache's, which loads, or does when it has read the log. */
  private final class Held implements LoadLease {
    private final Subscription stream;
    private final Hash128 key;
    private final String name;
    private final CountDownLatch arrival;

    /** Up to here others may have loaded it before. */
    private final StreamId logEnd;

    /** When the server was asked the last time that it said that this is ours. */
    private volatile long sureNanos;

    /** The log is not read any further, as it seems. */
    private volatile boolean isStuck;

    private volatile boolean leads;
    private volatile Publisher.Item item;
    private volatile boolean isQueued = true;
    private volatile boolean isPublished;
    private volatile boolean stored;
    private volatile long releasedNanos;

    /** Under the monitor of this. */
    private boolean isEnded;

    Held(
        Subscription stream,
        Hash128 key,
        String name,
        CountDownLatch arrival,
        StreamId logEnd,
        long sureNanos) {
      this.stream = stream;
      this.key = key;
      this.name = name;
      this.arrival = arrival;
      this.logEnd = logEnd;
      this.sureNanos = sureNanos;
    }

    /** {@return whether it is known that no cache has the answer, nor is loading it} */
    boolean isReady() {
      return !stored && isSure() && (isStuck || stream.position.compareTo(logEnd) >= 0);
    }

    /** Mostly it is only that our own last record did not come back yet. */
    boolean isReadySoon() {
      try {
        return logWait.await(stream, logEnd, arrival, SOON_NANOS) == LogWait.Result.READ
            && isReady();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private boolean isSure() {
      return nanoTime.getAsLong() - sureNanos < SURE_NANOS;
    }

    LoadLease leading() {
      awaited.remove(key, arrival);
      counters.leads.increment();
      if (isStuck) {
        counters.uncoordinated.increment();
      }
      leads = true;
      return this;
    }

    @Override
    public boolean leads() {
      return leads;
    }

    @Override
    public boolean await(long nanos) throws InterruptedException {
      LogWait.Result result = logWait.await(stream, logEnd, arrival, nanos);
      isStuck = result == LogWait.Result.STUCK;
      return result != LogWait.Result.TIME_OVER;
    }

    @Override
    public void release(boolean isStored) {
      releasedNanos = nanoTime.getAsLong();
      stored = isStored;
      // What is stored is published soon, perhaps already: whoever comes later ends it.
      if (!isStored || isPublished) {
        end();
      }
    }

    /** {@return whether what was stored ought to have been published by now, perhaps never is} */
    boolean isOver() {
      if (!stored) {
        return false;
      }
      boolean moves = isQueued && publishedNanos - releasedNanos > 0;
      long since = moves ? publishedNanos : releasedNanos;
      return nanoTime.getAsLong() - since > STORED_NANOS_MAX;
    }

    /**
     * @param holder who has it, as the server says
     */
    void renewed(Optional<String> holder, long askedNanos) {
      if (holder.isEmpty()) {
        // The server lost it, or we were late.
        claimAgain();
      } else {
        took(holder, askedNanos);
      }
    }

    private void took(Optional<String> holder, long askedNanos) {
      if (isOurs(holder)) {
        sureNanos = askedNanos;
      } else {
        LOG.debug("a lease was not renewed in time, and is another cache's");
        held.remove(key, this);
      }
    }

    private synchronized void claimAgain() {
      if (isEnded) {
        return;
      }
      long askedNanos = nanoTime.getAsLong();
      try {
        took(renewing.take(stream.shard, name, token, LEASE_MILLIS), askedNanos);
      } catch (LinkDown e) {
        LOG.debug("a lease was not claimed again: {}", e.getMessage());
      }
    }

    void end() {
      awaited.remove(key, arrival);
      CountDownLatch end = new CountDownLatch(1);
      held.computeIfPresent(
          key,
          (same, current) -> {
            if (current != this) {
              return current;
            }
            // At once: whoever asks next finds the one or the other.
            ending.put(key, end);
            Thread.ofVirtual().name("askonce-redis-release").start(() -> giveBack(end));
            return null;
          });
    }

    private void giveBack(CountDownLatch end) {
      try {
        synchronized (this) {
          isEnded = true;
        }
        // One that may have ended by itself may be another's.
        if (isSure()) {
          commands.unlink(stream.shard, List.of(name));
        }
      } catch (LinkDown e) {
        LOG.debug("a lease ends by itself: {}", e.getMessage());
      } finally {
        ending.remove(key, end);
        end.countDown();
      }
    }
  }
}
