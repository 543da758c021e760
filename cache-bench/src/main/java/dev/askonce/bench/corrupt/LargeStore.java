package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.ChronicleResponseStore;
import dev.askonce.engine.internal.store.ResponseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A store with its answers in Chronicle Maps, two shards of them, closed in order, and the same
 * store at an earlier time. The entries that answer, and those they replaced, are known.
 */
final class LargeStore {
  private static final int DIMENSION = 64;
  private static final int ENTRIES_MAX = 512;
  private static final int ENTRIES = 400;
  private static final int SHARD_ENTRIES = 256;
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  final SmallStore settings = new SmallStore(DIMENSION, ENTRIES_MAX);
  final List<Entry> entries = new ArrayList<>();
  final StoreImage image;

  /** The same, as a killed process leaves it. */
  final StoreImage unclean;

  /** Half of the entries, and other answers of a few. */
  final StoreImage older;

  LargeStore(Path directory, long seed) throws IOException {
    List<Entry> all = settings.entries(ENTRIES, 1);
    List<Entry> replaced = settings.entries(ENTRIES / 8, 0);
    settings.create(directory, seed);
    try (LocalSemanticCache cache = open(directory)) {
      SmallStore.put(cache, replaced);
      SmallStore.put(cache, all.subList(replaced.size(), ENTRIES / 2));
    }
    older = StoreImage.read(directory);
    try (LocalSemanticCache cache = open(directory)) {
      SmallStore.put(cache, all.subList(ENTRIES / 2, ENTRIES));
      SmallStore.put(cache, all.subList(0, replaced.size()));
      unclean = StoreImage.read(directory);
    }
    image = StoreImage.read(directory);
    entries.addAll(all);
  }

  Covered covered() {
    return new Covered(image, ENTRIES_MAX, DIMENSION * Float.BYTES);
  }

  LocalSemanticCache open(Path directory) {
    return settings.open(directory, LargeStore::answers);
  }

  static ResponseStore answers(Path directory, boolean clean) throws IOException {
    return new ChronicleResponseStore(
        directory, SHARD_ENTRIES, SmallStore.FRAME_BYTES_MAX, clean, READ_TIMEOUT);
  }
}
