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
import java.util.function.Consumer;

/** Takes over what other caches published. Threading: any thread. */
final class Applier {
  /**
   * What another cache's clock may be ahead of ours. Were a removal from further on believed, what
   * is put here after it would be from the future as well, and not be served.
   */
  private static final long FUTURE_MILLIS_MAX = 300_000;

  private final Sealer sealer;
  private final Replica replica;
  private final Tombstones tombstones;
  private final Counters counters;
  private final Consumer<Hash128> arrivals;
  private final Consumer<Subscription> calls;

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

  /** Applies a record of the log as it comes, unless this cache wrote it. */
  void apply(Subscription stream, byte[] sealed) {
    Opening.Opened opened = open(stream, sealed).orElse(null);
    if (opened == null || opened.origin().equals(sealer.origin())) {
      return;
    }
    switch (opened.record()) {
      case LogRecord.Put(ReplicaEntry entry) -> {
        if (put(entry) == Replica.Outcome.STORED) {
          counters.lag(replica.nowMillis() - entry.version());
        }
      }
      case LogRecord.Remove remove -> remove(remove);
      case LogRecord.Touches touches -> {
        touches.keys().forEach(replica::used);
        counters.touches.add(touches.keys().size());
      }
      case LogRecord.Call call -> calls.accept(stream);
    }
  }

  Replica.Outcome put(ReplicaEntry entry) {
    Replica.Outcome outcome = replica.put(entry);
    counters.entries.get(outcome).increment();
    if (outcome == Replica.Outcome.STORED || outcome == Replica.Outcome.KNOWN) {
      arrivals.accept(entry.key());
    } else if (outcome == Replica.Outcome.REFUSED
        || outcome == Replica.Outcome.OUT_OF_TIME && isPast(entry)) {
      // There is no room for it here, or no time: what it replaces is out of date all the same.
      replica.remove(Removal.entry(entry.scope(), entry.key(), entry.version() - 1));
    }
    return outcome;
  }

  private boolean isPast(ReplicaEntry entry) {
    return entry.version() <= replica.nowMillis() + FUTURE_MILLIS_MAX;
  }

  /** {@return a removal that reaches no further than entries can be from the future} */
  private Removal inTime(Removal removal) {
    long latest = replica.nowMillis() + FUTURE_MILLIS_MAX;
    return removal.version() <= latest
        ? removal
        : new Removal(removal.kind(), removal.scope(), removal.key(), removal.name(), latest);
  }

  void remove(LogRecord.Remove remove) {
    Removal removal = inTime(remove.removal());
    // First remembered, then removed: what arrives in between is not admitted.
    if (tombstones.add(removal, remove.keepUntilMillis())) {
      replica.remove(removal);
      counters.removals.increment();
    }
  }
}
