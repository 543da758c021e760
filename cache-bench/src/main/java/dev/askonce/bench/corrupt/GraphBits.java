package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Check;
import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.ResponseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random bits of the snapshot of a graph, which is a hint: it is asked through its damaged links
 * right after the opening, and once more when it was found damaged and all was linked anew.
 */
final class GraphBits implements Cases {
  /** Flips of one case, at most. */
  static final int FLIPS = 64;

  /** The file of graphs. */
  private static final String GRAPHS = "graph.snap";

  private static final int DIMENSION = 16;
  private static final int ENTRIES_MAX = 4096;

  /** More than a list may have. */
  private static final int ENTRIES = 2_300;

  private static final int ASKED = 64;

  /** Of those asked: a search is approximate. */
  private static final int OUT_OF_REACH_MAX = 3;

  private static final long POLL_MILLIS = 5;

  private final SmallStore small = new SmallStore(DIMENSION, ENTRIES_MAX);
  private final long seed;
  private final Path directory;
  private final Journal journal;
  private final Check check;
  private final List<Entry> entries = new ArrayList<>();
  private final StoreImage image;
  private final Map<EntryId, HeapFrames.Frames> frames;

  GraphBits(long seed, Path folder, Journal journal) throws IOException {
    this.seed = seed;
    this.journal = journal;
    directory = folder.resolve("store");
    check = new Check(journal);
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(Entry.of(0, i, 0, small.texts()));
    }
    HeapFrames held = new HeapFrames();
    small.create(directory, seed);
    try (LocalSemanticCache cache = small.open(directory, (path, clean) -> held)) {
      SmallStore.put(cache, entries);
      awaitLinked(cache);
    }
    image = StoreImage.read(directory);
    frames = Map.copyOf(held.frames());
    if (!image.files().containsKey(GRAPHS)) {
      throw new IllegalStateException("a scope of " + ENTRIES + " entries kept no graph");
    }
  }

  private static void awaitLinked(LocalSemanticCache cache) throws IOException {
    try {
      while (cache.stats().entriesUnlinked() > 0) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void run(long number) throws IOException {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + number);
    String context = "graph case " + number;
    int flips = number % 4 == 0 ? 1 : random.nextInt(1, FLIPS);
    byte[] snapshot = image.file(GRAPHS);
    byte[] whole = Arrays.copyOf(snapshot, snapshot.length);
    for (int i = 0; i < flips; i++) {
      snapshot[random.nextInt(snapshot.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    image.write(directory);
    System.arraycopy(whole, 0, snapshot, 0, whole.length);
    journal.add(Outcome.FLIPS, flips);
    ResponseStore.Factory answers = (path, clean) -> new HeapFrames(frames);
    LocalSemanticCache cache = journal.opened(() -> small.open(directory, answers), context);
    if (cache == null) {
      return;
    }
    try (cache) {
      check.ask(cache, some(random), context);
      awaitLinked(cache);
      requireFound(cache, some(random), context + ", linked");
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": " + e);
    }
    image.countAftermath(directory, journal, context);
  }

  /** What a damaged hint cost is made good again: only few may be out of the search's reach. */
  private void requireFound(LocalSemanticCache cache, List<Entry> asked, String context) {
    long found =
        asked.stream()
            .filter(
                entry ->
                    cache.lookup(entry.scope(), entry.vector(), LookupOptions.DEFAULTS).isHit())
            .count();
    if (asked.size() - found > OUT_OF_REACH_MAX) {
      journal.failed(Outcome.EXCESS, context + ": " + found + " of " + asked.size() + " are found");
    }
  }

  private List<Entry> some(Random random) {
    int from = random.nextInt(entries.size() - ASKED);
    return entries.subList(from, from + ASKED);
  }
}
