package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.Journal;
import dev.askonce.bench.image.Outcome;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.Fsck;
import dev.askonce.engine.internal.store.ResponseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every bit of a store of about 64 KiB, closed in order: one case a bit. The answers are frames in
 * memory, bits of which are flipped as well; so an opening costs little.
 */
final class EveryBit implements Cases {
  /*
   * Two segments of 64 slots. Vectors of 76 floats: 304 bytes, and 16 of padding to the next line.
   */
  private static final int DIMENSION = 76;
  private static final int ENTRIES = 64;
  private static final int SEGMENT_SLOTS = 64;
  private static final String SECRET = "SECRET";

  /** Frames of one kind of one entry. */
  private record FramePart(EntryId id, boolean isCard, byte[] bytes) {}

  private final SmallStore small = new SmallStore(DIMENSION, ENTRIES);
  private final Path directory;
  private final Journal journal;
  private final List<Entry> entries = new ArrayList<>();
  private final StoreImage image;
  private final Covered covered;
  private final Map<EntryId, HeapFrames.Frames> frames;
  private final List<FramePart> parts = new ArrayList<>();
  private final List<String> names;

  EveryBit(long seed, Path folder, Journal journal) throws IOException {
    directory = folder.resolve("store");
    this.journal = journal;
    HeapFrames held = new HeapFrames();
    small.create(directory, seed);
    try (LocalSemanticCache cache = small.open(directory, (path, clean) -> held)) {
      SmallStore.put(cache, small.entries(ENTRIES, 0));
      // Replaced ones, so that there are dead slots, and a second segment.
      List<Entry> replaced = small.entries(ENTRIES / 4, 1);
      SmallStore.put(cache, replaced);
      entries.addAll(replaced);
      entries.addAll(small.entries(ENTRIES, 0).subList(replaced.size(), ENTRIES));
    }
    image = StoreImage.read(directory);
    names = List.copyOf(image.files().keySet());
    covered = new Covered(image, SEGMENT_SLOTS, DIMENSION * Float.BYTES);
    frames = new HashMap<>(held.frames());
    for (EntryId id : held.ids()) {
      parts.add(new FramePart(id, true, frames.get(id).card()));
      parts.add(new FramePart(id, false, frames.get(id).answer()));
    }
  }

  /** {@return the bytes of all files and frames} */
  long bytes() {
    return image.files().values().stream().mapToLong(file -> file.length).sum()
        + parts.stream().mapToLong(part -> part.bytes().length).sum();
  }

  @Override
  public long count() {
    return bytes() * Byte.SIZE;
  }

  @Override
  public void run(long number) throws IOException {
    long at = number / Byte.SIZE;
    int bit = (int) (number % Byte.SIZE);
    for (String name : names) {
      byte[] file = image.file(name);
      if (at < file.length) {
        file[(int) at] ^= (byte) (1 << bit);
        try {
          String context = "bit " + bit + " of byte " + at + " of " + name;
          examine(frames, name, covered.covers(name, (int) at), context);
        } finally {
          file[(int) at] ^= (byte) (1 << bit);
        }
        return;
      }
      at -= file.length;
    }
    for (FramePart part : parts) {
      if (at < part.bytes().length) {
        byte[] flipped = part.bytes().clone();
        flipped[(int) at] ^= (byte) (1 << bit);
        HeapFrames.Frames whole = frames.get(part.id());
        Map<EntryId, HeapFrames.Frames> damaged = new HashMap<>(frames);
        damaged.put(
            part.id(),
            part.isCard()
                ? new HeapFrames.Frames(flipped, whole.answer())
                : new HeapFrames.Frames(whole.card(), flipped));
        String kind = part.isCard() ? "card" : "answer";
        examine(damaged, kind, true, "bit " + bit + " of byte " + at + " of a " + kind);
        return;
      }
      at -= part.bytes().length;
    }
    throw new IllegalArgumentException("no bit " + number);
  }

  private void examine(
      Map<EntryId, HeapFrames.Frames> held, String name, boolean checked, String context)
      throws IOException {
    image.write(directory);
    ResponseStore.Factory answers = (path, clean) -> new HeapFrames(held);
    if (checked != isReported(answers, context)) {
      journal.failed(
          Outcome.UNREPORTED, context + (checked ? " was not reported" : " is reported, a hint"));
    }
    int lost = small.examine(directory, answers, entries, journal, context);
    image.countAftermath(directory, journal, context);
    int excused = name.equals(SECRET) ? entries.size() : checked && isOfEntry(name) ? 1 : 0;
    if (lost > excused) {
      journal.failed(Outcome.EXCESS, context + ": " + lost + " entries were lost");
    }
  }

  private static boolean isOfEntry(String name) {
    return !name.equals("SUPER");
  }

  private boolean isReported(ResponseStore.Factory answers, String context) {
    try {
      StoreReport report =
          Fsck.check(directory, SmallStore.NOW.toEpochMilli(), Optional.of(answers));
      return report.condition() == StoreReport.Condition.DAMAGED;
    } catch (CacheException e) {
      journal.failed(Outcome.THROWN, context + ": fsck threw " + e);
      return true;
    }
  }
}
