package dev.askonce.engine.internal.cache;

import dev.askonce.bench.image.Entry;
import dev.askonce.bench.image.HeapFrames;
import dev.askonce.bench.image.MemoryFolder;
import dev.askonce.bench.image.SmallStore;
import dev.askonce.bench.image.StoreImage;
import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.internal.store.Fsck;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import net.openhft.hashing.LongHashFunction;

/**
 * A store whose files were changed, with checksums that hold again if the input says so: it opens,
 * and answers with what was stored for the scope, or not at all. What {@code fsck} says of it is no
 * exception either.
 */
public final class StoreTarget implements Target {
  private static final int DIMENSION = 8;
  private static final int SLOTS = 16;
  private static final int ENTRIES = 12;
  private static final int CHANGES_MAX = 32;
  private static final int BLOCK = 4096;
  private static final List<String> FILES =
      List.of("SUPER", "SECRET", "slots-00000.dat", "vectors-00000.dat");

  private static final int WITH_CHECKSUMS = 1;
  private static final int FSCK = 2;

  private final SmallStore store = new SmallStore(DIMENSION, SLOTS);
  private final Path directory = MemoryFolder.create("askonce-fuzz-").path().resolve("store");
  private final List<Entry> entries = store.entries(ENTRIES, 1);
  private final HeapFrames frames = new HeapFrames();
  private final StoreImage image;
  private final byte[] uuid = new byte[16];

  public StoreTarget() throws IOException {
    store.create(directory, 1);
    try (LocalSemanticCache cache = store.open(directory, (path, clean) -> frames)) {
      SmallStore.put(cache, entries);
    }
    image = StoreImage.read(directory);
    little(image.file("SUPER")).get(40, uuid);
  }

  /* An input: flags, then changes: a file, a place in it, what is there from then on. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    int flags = input.next();
    StoreImage changed = image.copy();
    Map<Integer, Boolean> records = new HashMap<>();
    for (int i = 0; i < CHANGES_MAX && !input.isEmpty(); i++) {
      String name = FILES.get(input.next(FILES.size()));
      byte[] file = changed.file(name);
      int at = (input.next() << 8 | input.next()) % file.length;
      file[at] = (byte) input.next();
      if (name.startsWith("slots")) {
        records.put(at / SlotRecord.BYTES, true);
      }
    }
    if ((flags & WITH_CHECKSUMS) != 0) {
      sign(changed, records);
    }
    changed.write(directory);
    HeapFrames answers = new HeapFrames(frames.frames());
    if ((flags & FSCK) != 0) {
      fsck(answers);
    }
    try (LocalSemanticCache cache = store.open(directory, (path, clean) -> answers)) {
      entries.forEach(entry -> ask(cache, entry));
      entries.forEach(entry -> cache.invalidateTag(SmallStore.tag(entry)));
      entries.forEach(entry -> cache.put(entry.scope(), entry.text(), entry.answer()));
      entries.forEach(entry -> ask(cache, entry));
      cache.settle();
    } catch (CacheException.Incompatible e) {
      // Another embedder or version, in so many words.
    }
  }

  private void fsck(HeapFrames answers) {
    try {
      Fsck.check(directory, SmallStore.NOW.toEpochMilli(), Optional.of((path, clean) -> answers));
    } catch (CacheException.Incompatible e) {
      // As above.
    }
  }

  private void ask(LocalSemanticCache cache, Entry entry) {
    requireOfScope(cache.lookup(entry.scope(), entry.text()).answer(), entry);
    requireOfScope(
        cache.lookup(entry.scope(), entry.vector(), LookupOptions.DEFAULTS).answer(), entry);
  }

  /** A record that somebody signed may say what it wants, but for whose answer it is. */
  private void requireOfScope(Optional<Answer> answer, Entry asked) {
    boolean right =
        answer.isEmpty()
            || entries.stream()
                .filter(entry -> entry.scope().equals(asked.scope()))
                .anyMatch(entry -> entry.answer().equals(answer.get()));
    Target.require(right, "an answer that was not stored for this scope");
  }

  private void sign(StoreImage changed, Map<Integer, Boolean> records) {
    byte[] blocks = changed.file("SUPER");
    for (int from = 0; from < blocks.length; from += BLOCK) {
      int end = from + BLOCK - Long.BYTES;
      little(blocks).putLong(end, LongHashFunction.xx3().hashBytes(blocks, from, end - from));
    }
    byte[] secret = changed.file("SECRET");
    little(secret).putLong(32, LongHashFunction.xx3().hashBytes(secret, 0, 32));
    for (int slot : records.keySet()) {
      sign(changed, slot);
    }
  }

  private void sign(StoreImage changed, int slot) {
    ByteBuffer record =
        little(changed.file(FILES.get(2)))
            .slice(slot * SlotRecord.BYTES, SlotRecord.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    int generation = SlotRecord.generation(record.getLong(0));
    int stride = (int) (changed.file(FILES.get(3)).length / (long) SLOTS);
    ByteBuffer vector = little(changed.file(FILES.get(3)));
    byte[] components = new byte[DIMENSION * Float.BYTES];
    vector.get(slot * stride, components);
    record.putInt(104, crc(slot, SlotRecord.LIVE, generation, components));
    byte[] body = new byte[SlotRecord.BYTES - 8];
    record.get(8, body);
    record.putInt(0, crc(slot, SlotRecord.state(record.getLong(0)), generation, body));
  }

  private int crc(int slot, int state, int generation, byte[] bytes) {
    ByteBuffer seed = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    seed.put(uuid).putInt(slot).putInt(state << 30 | generation);
    CRC32C crc = new CRC32C();
    crc.update(seed.array(), 0, 24);
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        new byte[] {0},
        new byte[] {FSCK | WITH_CHECKSUMS, 2, 0, 112, 1},
        new byte[] {FSCK, 0, 0, 12, 9, 1, 0, 4, 9, 3, 0, 3, 9});
  }
}
