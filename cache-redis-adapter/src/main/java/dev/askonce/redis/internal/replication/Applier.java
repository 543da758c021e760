package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Opening;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.internal.log.Tombstones;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over what other caches published. Threading: any thread. */
final class Applier {
  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

  /** What an entry of another cache may be ahead of our clock, as the store has it. */
  private static final long FUTURE_MILLIS_MAX = 300_000;

  /**
   * The same of a removal, but for some seconds. Were one from further on believed, what is put
   * here after it would be from the future as well, and not be served, here or by others whose
   * clocks are a little behind ours. When its time has come it is read again.
   */
  private static final long REMOVAL_FUTURE_MILLIS_MAX = 290_000;

  private final Sealer sealer;
  private final Replica replica;
  private final Tombstones tombstones;
  private final Counters counters;
  private final Consumer<Hash128> arrivals;
  private final Consumer<Subscription> calls;

  /** Removals that are remembered, and did not come to their end: they are read again. */
  private final Set<Removal> unfinished = ConcurrentHashMap.newKeySet();

  /**
   * Whether removals that are remembered are read again while a scope is joined: whoever remembered
   * them was perhaps killed before the entries were gone.
   */
  private volatile boolean removesAgain;

  /**
   * @param arrivals told of the key of each entry that is here now
   * @param calls told of a scope of which somebody lacks something
   */
  Applier(
      Sealer sealer,
      Replica replica,
      Tombstones tombstones,
      Counters counters,
      Consumer<Hash128> arrivals,
      Consumer<Subscription> calls) {
    this.sealer = sealer;
    this.replica = replica;
    this.tombstones = tombstones;
    this.counters = counters;
    this.arrivals = arrivals;
    this.calls = calls;
  }

  /** {@return a record, or empty if it is not for this cache, which is counted} */
  Optional<Opening.Opened> open(Subscription stream, byte[] sealed) {
    counters.received.increment();
    return switch (sealer.open(stream.stream, sealed)) {
      case Opening.Opened opened -> {
        if (opened.origin().equals(sealer.origin())) {
          seen(stream, opened.counter());
        }
        yield Optional.of(opened);
      }
      case Opening.Skipped(Opening.Reason reason) -> {
        counters.skipped.get(reason).increment();
        yield Optional.empty();
      }
    };
  }

  /** A record of this cache is in the log. */
  static void seen(Subscription stream, long number) {
    Echoes.Echo echo = stream.echoes.remove(number);
    if (echo != null && echo.ofBacklog()) {
      stream.backlog.decrementAndGet();
    }
  }

  /** Applies removals also where they are known, for scopes that are joined the first time. */
  void removeAgain() {
    removesAgain = true;
  }

  /** Applies a record of the log as it comes, unless this cache wrote it. {@return the record} */
  Optional<LogRecord> apply(Subscription stream, byte[] sealed) {
    Opening.Opened opened = open(stream, sealed).orElse(null);
    if (opened == null) {
      return Optional.empty();
    }
    if (!opened.origin().equals(sealer.origin())) {
      apply(stream, opened.record());
    }
    return Optional.of(opened.record());
  }

  private void apply(Subscription stream, LogRecord record) {
    switch (record) {
      case LogRecord.Put(ReplicaEntry entry) -> {
        if (put(stream, entry) == Replica.Outcome.STORED) {
          counters.lag(replica.nowMillis() - entry.version());
        }
      }
      case LogRecord.Remove remove -> remove(stream, remove);
      case LogRecord.Touches touches -> {
        touches.keys().forEach(replica::used);
        counters.touches.add(touches.keys().size());
      }
      case LogRecord.Call call -> calls.accept(stream);
    }
  }

  Replica.Outcome put(Subscription stream, ReplicaEntry entry) {
    Replica.Outcome outcome = store(entry);
    counters.entries.get(outcome).increment();
    if (outcome == Replica.Outcome.OUT_OF_TIME) {
      stream.refused(entry.version(), replica.nowMillis());
    }
    if (outcome == Replica.Outcome.STORED || outcome == Replica.Outcome.KNOWN) {
      arrivals.accept(entry.key());
    } else if (outcome == Replica.Outcome.REFUSED
        || outcome == Replica.Outcome.OUT_OF_TIME && isPast(entry)) {
      // There is no room for it here, or no time: what it replaces is out of date all the same.
      replica.remove(Removal.entry(entry.scope(), entry.key(), entry.version() - 1));
    }
    return outcome;
  }

  private Replica.Outcome store(ReplicaEntry entry) {
    try {
      return replica.put(entry);
    } catch (InternalError e) {
      // All that others publish after it would wait for it.
      LOG.warn("an entry of another cache cannot be stored: {}", e.toString());
      return Replica.Outcome.REFUSED;
    }
  }

  private boolean isPast(ReplicaEntry entry) {
    return entry.version() <= replica.nowMillis() + FUTURE_MILLIS_MAX;
  }

  /** {@return a removal that reaches no further than entries can be from the future} */
  private Removal inTime(Subscription stream, Removal removal) {
    long now = replica.nowMillis();
    long latest = now + REMOVAL_FUTURE_MILLIS_MAX;
    if (removal.version() <= latest) {
      return removal;
    }
    stream.refused(removal.version(), now);
    return new Removal(removal.kind(), removal.scope(), removal.key(), removal.name(), latest);
  }

  void remove(Subscription stream, LogRecord.Remove remove) {
    Removal removal = inTime(stream, remove.removal());
    // First remembered, then removed: what arrives in between is not admitted.
    boolean isNews = tombstones.add(removal, remove.keepUntilMillis());
    if (isNews) {
      unfinished.add(removal);
      counters.removals.increment();
    }
    if (unfinished.contains(removal) || removesAgain && stream.isJoining()) {
      replica.remove(removal);
      unfinished.remove(removal);
    }
  }
}
