package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.powerloss.Expected.Key;
import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.ResponseStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** Operations on a small store, and what is to be expected of it at each moment. */
final class Workload implements AutoCloseable {
  private static final int TENANTS = 3;
  private static final int QUESTIONS = 5;

  /** What one step does. */
  enum Operation {
    PUT_NEW,
    REPLACE,
    INVALIDATE_ENTRY,
    INVALIDATE_TAG,
    INVALIDATE_SCOPE,
    INVALIDATE_TENANT,
    INVALIDATE_PROVENANCE,
    FORCE,
    REOPEN
  }

  private record Stored(EntryId id, Answer answer) {}

  private final SmallStore small;
  private final Path directory;
  private final ResponseStore.Factory answers;
  private final Random random;
  private final Expected expected = new Expected();
  private final Map<Key, Stored> live = new HashMap<>();
  private LocalSemanticCache cache;
  private int version;

  Workload(SmallStore small, Path directory, ResponseStore.Factory answers, Random random) {
    this.small = small;
    this.directory = directory;
    this.answers = answers;
    this.random = random;
    cache = small.open(directory, answers);
  }

  /** {@return what is expected now, to be kept} */
  synchronized Expected expected() {
    return expected.copy();
  }

  /** {@return an operation by chance, puts most often} */
  Operation next() {
    int dice = random.nextInt(13);
    return dice < 4
        ? Operation.PUT_NEW
        : dice < 6 ? Operation.REPLACE : Operation.values()[dice - 4];
  }

  void run(Operation operation) {
    switch (operation) {
      case PUT_NEW -> put(new Key(random.nextInt(TENANTS), random.nextInt(QUESTIONS)));
      case REPLACE -> put(known());
      case INVALIDATE_ENTRY -> {
        Key key = known();
        Stored stored = live.get(key);
        if (stored != null) {
          invalidate(key::equals, entry -> cache.invalidate(stored.id()));
        }
      }
      case INVALIDATE_TAG -> {
        int question = known().question();
        invalidate(
            key -> key.question() == question, entry -> cache.invalidateTag(SmallStore.tag(entry)));
      }
      case INVALIDATE_SCOPE -> {
        int tenant = known().tenant();
        invalidate(key -> key.tenant() == tenant, entry -> cache.invalidateScope(entry.scope()));
      }
      case INVALIDATE_TENANT -> {
        int tenant = known().tenant();
        invalidate(
            key -> key.tenant() == tenant, entry -> cache.invalidateTenant(entry.scope().tenant()));
      }
      case INVALIDATE_PROVENANCE -> {
        int tenant = known().tenant();
        invalidate(
            key -> key.tenant() == tenant,
            entry -> cache.invalidateProvenance(SmallStore.provenance(entry)));
      }
      case FORCE -> cache.force();
      case REOPEN -> reopen();
    }
  }

  /** {@return a text that was stored once} */
  private Key known() {
    List<Key> keys =
        expected.keys().stream()
            .sorted((a, b) -> a.tenant() * 100 + a.question() - b.tenant() * 100 - b.question())
            .toList();
    return keys.isEmpty() ? new Key(0, 0) : keys.get(random.nextInt(keys.size()));
  }

  private void put(Key key) {
    Entry entry = entry(key, ++version);
    synchronized (this) {
      expected.putting(key, entry.answer());
    }
    EntryId id = SmallStore.put(cache, List.of(entry)).getFirst();
    live.put(key, new Stored(id, entry.answer()));
  }

  Entry entry(Key key, int ofVersion) {
    return Entry.of(key.tenant(), key.question(), ofVersion, small.texts());
  }

  private interface Invalidation {
    void of(Entry entry);
  }

  private void invalidate(Predicate<Key> matches, Invalidation invalidation) {
    List<Key> keys = expected.keys().stream().filter(matches).toList();
    if (keys.isEmpty()) {
      return;
    }
    synchronized (this) {
      expected.invalidating(keys);
    }
    invalidation.of(entry(keys.getFirst(), 0));
    synchronized (this) {
      expected.invalidated(keys);
    }
    live.keySet().removeAll(keys);
  }

  private void reopen() {
    cache.close();
    synchronized (this) {
      Map<Key, Answer> kept = new HashMap<>();
      live.forEach((key, stored) -> kept.put(key, stored.answer()));
      expected.closed(kept);
    }
    cache = small.open(directory, answers);
  }

  @Override
  public void close() {
    cache.close();
  }
}
