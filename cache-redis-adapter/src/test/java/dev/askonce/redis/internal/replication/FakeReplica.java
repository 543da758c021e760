package dev.askonce.redis.internal.replication;

import dev.askonce.engine.Answer;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import dev.askonce.engine.spi.ReplicaEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Entries in a map. */
final class FakeReplica implements Replica {
  final Map<Hash128, ReplicaEntry> entries = new ConcurrentHashMap<>();
  volatile long nowMillis = 1_000_000;

  /** The entry with this key lies where nothing can be read or written. */
  volatile Hash128 unreadable;

  /** What the next removal throws. */
  volatile Error failure;

  /** {@return an entry with the fields that tests tell apart} */
  static ReplicaEntry entry(Hash128 scope, Hash128 key, long version, String answer) {
    return new ReplicaEntry(
        scope,
        key,
        version,
        version + 3_600_000,
        5,
        0,
        new long[0],
        0,
        Optional.of("q"),
        Optional.of(new float[] {1}),
        Answer.text(answer));
  }

  @Override
  public Outcome put(ReplicaEntry entry) {
    requireReadable(entry.key());
    entries.put(entry.key(), entry);
    return Outcome.STORED;
  }

  @Override
  public long remove(Removal removal) {
    Error thrown = failure;
    failure = null;
    if (thrown != null) {
      throw thrown;
    }
    int before = entries.size();
    entries.values().removeIf(removal::covers);
    return before - entries.size();
  }

  @Override
  public Optional<ReplicaEntry> find(Hash128 scope, Hash128 key) {
    requireReadable(key);
    return Optional.ofNullable(entries.get(key));
  }

  private void requireReadable(Hash128 key) {
    if (key.equals(unreadable)) {
      throw new InternalError("a fault in a mapped page");
    }
  }

  @Override
  public void forEach(Hash128 scope, Consumer<ReplicaEntry> action) {
    entries.values().stream().filter(entry -> entry.scope().equals(scope)).forEach(action);
  }

  @Override
  public void forEachSince(long version, Consumer<ReplicaEntry> action) {
    entries.values().stream().filter(entry -> entry.version() >= version).forEach(action);
  }

  @Override
  public boolean has(Hash128 scope) {
    return scopes().contains(scope);
  }

  @Override
  public Set<Hash128> scopes() {
    return entries.values().stream().map(ReplicaEntry::scope).collect(Collectors.toSet());
  }

  @Override
  public void used(Hash128 key) {}

  @Override
  public KeyedHash names() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path directory() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int dimension() {
    return 1;
  }

  @Override
  public String vectorFingerprint() {
    return "fake";
  }

  @Override
  public Duration ttlMax() {
    return Duration.ofDays(30);
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public long sureMillis() {
    return nowMillis;
  }
}
