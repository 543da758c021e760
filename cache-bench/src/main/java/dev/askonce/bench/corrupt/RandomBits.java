package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Check;
import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.Fsck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random bits of a store with Chronicle Maps: one case a store. Some are flipped while it is
 * closed, then more while it is open, under its readers. Half of the cases have one flip before, so
 * that no damage hides behind another's.
 */
final class RandomBits implements Cases {
  /** Flips of one case, half of them while the store is closed. */
  static final int FLIPS = 256;

  private static final int LIVE_GROUP = 16;
  private static final int CHUNK = 64;

  /** Of ten flips so many hit a chunk that is not all zero. */
  private static final int USED_OF_TEN = 9;

  /** Files whose damage may cost the whole store: hit often, the rest would hardly be looked at. */
  private static final Set<String> ALL_ON_IT = Set.of("SECRET", "SUPER");

  private static final int ALL_ON_IT_SELDOM = 100;

  private record Place(String file, int at, int bit) {
    @Override
    public String toString() {
      return file + ":" + at + "." + bit;
    }
  }

  private final LargeStore store;
  private final long seed;
  private final Path directory;
  private final Journal journal;
  private final Check check;
  private final List<String> names;
  private final Map<String, List<Integer>> usedChunks = new HashMap<>();

  RandomBits(long seed, Path folder, Journal journal) throws IOException {
    this.seed = seed;
    this.journal = journal;
    directory = folder.resolve("store");
    check = new Check(journal);
    store = new LargeStore(directory, seed);
    names = List.copyOf(store.image.files().keySet());
    for (String name : names) {
      usedChunks.put(name, usedChunks(store.image.file(name)));
    }
  }

  private static List<Integer> usedChunks(byte[] file) {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < file.length; i++) {
      if (file[i] != 0) {
        used.add(i / CHUNK);
        i = (i / CHUNK + 1) * CHUNK - 1;
      }
    }
    return used;
  }

  @Override
  public void run(long number) throws IOException {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L + number);
    int before = number % 2 == 0 ? 1 : random.nextInt(1, FLIPS / 2);
    String context = "random case " + number;
    StoreImage damaged = store.image.copy();
    for (int i = 0; i < before; i++) {
      Place place = place(random);
      context = i == 0 ? context + " " + place : context;
      damaged.file(place.file)[place.at] ^= (byte) (1 << place.bit);
    }
    damaged.write(directory);
    journal.add(Outcome.FLIPS, before);
    if (number % 4 < 2) {
      fsck(context);
    }
    LocalSemanticCache cache = journal.opened(() -> store.open(directory), context);
    if (cache == null) {
      return;
    }
    try (cache) {
      check.ask(cache, store.entries, context);
      flipLive(cache, random, FLIPS - before, context);
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": " + e);
    }
    store.settings.examine(directory, LargeStore::answers, store.entries, journal, context);
    store.image.countAftermath(directory, journal, context);
  }

  private void fsck(String context) {
    try {
      Fsck.check(directory, SmallStore.NOW.toEpochMilli());
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": fsck threw " + e);
    }
  }

  private void flipLive(LocalSemanticCache cache, Random random, int flips, String context)
      throws IOException {
    for (int done = 0; done < flips; done += LIVE_GROUP) {
      int group = Math.min(LIVE_GROUP, flips - done);
      for (int i = 0; i < group; i++) {
        flip(place(random));
      }
      journal.add(Outcome.FLIPS, group);
      List<Entry> asked = store.entries;
      if (done + group < flips) {
        int from = random.nextInt(store.entries.size() - LIVE_GROUP);
        asked = store.entries.subList(from, from + LIVE_GROUP);
      }
      check.ask(cache, asked, context + ", open, after " + (done + group) + " flips");
    }
  }

  private Place place(Random random) {
    String name = names.get(random.nextInt(names.size()));
    if (ALL_ON_IT.contains(name) && random.nextInt(ALL_ON_IT_SELDOM) > 0) {
      return place(random);
    }
    byte[] file = store.image.file(name);
    int at = random.nextInt(file.length);
    if (random.nextInt(10) < USED_OF_TEN) {
      List<Integer> used = usedChunks.get(name);
      at = used.get(random.nextInt(used.size())) * CHUNK + random.nextInt(CHUNK);
    }
    return new Place(name, Math.min(at, file.length - 1), random.nextInt(Byte.SIZE));
  }

  /** Flips a bit of a file that the cache may have mapped: both see the same memory. */
  private void flip(Place place) throws IOException {
    Path file = directory.resolve(place.file);
    if (!Files.exists(file)) {
      // The store was moved aside, and a new one has not come as far.
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      if (channel.read(one, place.at) == 1) {
        one.put(0, (byte) (one.get(0) ^ 1 << place.bit)).flip();
        channel.write(one, place.at);
      }
    }
  }
}
