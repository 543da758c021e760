package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.log.LogRecord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a log says, without its contents: the highest version of each key, and of each removal. Two
 * caches may put different contents in the same millisecond: each counts.
 */
final class LogIndex {
  private record Target(Removal.Kind kind, Hash128 scope, Hash128 key, long name) {}

  /** The entries of the highest version of a key. */
  private record Highest(long version, int[] contents) {
    boolean has(int content) {
      return Arrays.stream(contents).anyMatch(known -> known == content);
    }

    Highest and(int content) {
      int[] more = Arrays.copyOf(contents, contents.length + 1);
      more[contents.length] = content;
      return new Highest(version, more);
    }
  }

  private final Map<Hash128, Highest> entries = new HashMap<>();
  private final Map<Target, Long> removals = new HashMap<>();

  /** {@return a number that tells entries of one key and version apart} */
  static int content(ReplicaEntry entry) {
    return Objects.hash(
        entry.answer(),
        entry.expiresMillis(),
        entry.savedNanoDollars(),
        entry.principal(),
        Arrays.hashCode(entry.tags()),
        entry.text(),
        Arrays.hashCode(entry.vector().orElse(null)));
  }

  void add(LogRecord record) {
    switch (record) {
      case LogRecord.Put(ReplicaEntry entry) -> add(entry);
      case LogRecord.Remove remove -> add(remove.removal());
      case LogRecord.Touches touches -> {}
      case LogRecord.Call call -> {}
    }
  }

  void add(ReplicaEntry entry) {
    int content = content(entry);
    entries.compute(
        entry.key(),
        (key, known) ->
            known == null || known.version < entry.version()
                ? new Highest(entry.version(), new int[] {content})
                : known.version > entry.version() || known.has(content)
                    ? known
                    : known.and(content));
  }

  private void add(Removal removal) {
    removals.merge(target(removal), removal.version(), Math::max);
  }

  /** {@return whether there is this entry, or a newer one of its key} */
  boolean has(ReplicaEntry entry) {
    Highest known = entries.get(entry.key());
    return known != null
        && (known.version > entry.version()
            || known.version == entry.version() && known.has(content(entry)));
  }

  boolean has(Removal removal) {
    return removals.getOrDefault(target(removal), Long.MIN_VALUE) >= removal.version();
  }

  /** {@return whether there is a newer entry of this key} */
  boolean hasNewer(ReplicaEntry entry) {
    Highest known = entries.get(entry.key());
    return known != null && known.version > entry.version();
  }

  private static Target target(Removal removal) {
    return new Target(removal.kind(), removal.scope(), removal.key(), removal.name());
  }
}
