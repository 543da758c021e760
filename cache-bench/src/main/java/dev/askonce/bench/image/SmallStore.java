package dev.askonce.bench.image;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.internal.base.PrivateFiles;
import dev.askonce.engine.internal.cache.CacheSettings;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.Superblock;
import dev.askonce.engine.spi.KeyedHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import net.openhft.hashing.LongHashFunction;

/** How the small stores of a campaign are opened, and what is put into them. */
public final class SmallStore {
  /** The longest answer frame. */
  public static final int FRAME_BYTES_MAX = 4096;

  /** When everything happens. */
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Duration TTL = Duration.ofDays(1);
  private static final int ANSWER_BYTES_MAX = 2048;
  private static final int TEXT_CHARS_MAX = 256;
  private static final int TENANTS = 4;

  private final Texts texts;
  private final int entriesMax;
  private final Optional<byte[]> encryptionKey;

  /**
   * Settings of stores that are not encrypted.
   *
   * @param entriesMax a power of two, and the slots of a segment
   */
  public SmallStore(int dimension, int entriesMax) {
    this(dimension, entriesMax, Optional.empty());
  }

  private SmallStore(int dimension, int entriesMax, Optional<byte[]> encryptionKey) {
    texts = new Texts(dimension);
    this.entriesMax = entriesMax;
    this.encryptionKey = encryptionKey;
  }

  /** {@return the same settings for stores that are encrypted, whose bytes differ each time} */
  public SmallStore encrypted() {
    return new SmallStore(
        texts.dimension(), entriesMax, Optional.of(new byte[CacheSettings.ENCRYPTION_KEY_BYTES]));
  }

  public Texts texts() {
    return texts;
  }

  /** Opens the store of a directory, whose answers a factory opens. */
  public LocalSemanticCache open(Path directory, ResponseStore.Factory answers) {
    return new LocalSemanticCache(settings(directory), answers);
  }

  private CacheSettings settings(Path directory) {
    return new CacheSettings(
        directory,
        Optional.of(texts),
        texts.dimension(),
        texts.fingerprint(),
        0.95,
        0.02,
        TTL,
        TTL,
        entriesMax,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        ANSWER_BYTES_MAX,
        TEXT_CHARS_MAX,
        true,
        32,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        new CosinePolicy(),
        Map.of(),
        Optional.empty(),
        InstantSource.fixed(NOW),
        false,
        encryptionKey,
        Optional.empty());
  }

  /**
   * Makes a new store whose secret and identity come from a seed, so that its bytes are the same
   * each time.
   */
  public void create(Path directory, long seed) throws IOException {
    Random random = new Random(seed);
    PrivateFiles.createDirectory(directory);
    byte[] secret = new byte[KeyedHash.SECRET_BYTES];
    random.nextBytes(secret);
    ByteBuffer content = ByteBuffer.allocate(secret.length + Long.BYTES);
    content.order(ByteOrder.LITTLE_ENDIAN).put(secret);
    content.putLong(LongHashFunction.xx3().hashBytes(secret));
    Files.write(directory.resolve("SECRET"), content.array());
    PrivateFiles.createFile(Superblock.file(directory));
    long now = NOW.toEpochMilli();
    new Superblock(
            new UUID(random.nextLong(), random.nextLong()),
            texts.dimension(),
            Superblock.fingerprintOf(texts.fingerprint()),
            Integer.highestOneBit(entriesMax),
            0,
            0,
            true,
            false,
            OptionalLong.empty(),
            now,
            now)
        .write(directory);
  }

  /**
   * {@return so many entries} Every question is asked by several tenants, whose answers must not be
   * mixed up.
   */
  public List<Entry> entries(int count, int version) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(Entry.of(i % TENANTS, i / TENANTS, version, texts));
    }
    return entries;
  }

  /**
   * Puts entries.
   *
   * @throws IllegalStateException if one was dropped
   */
  public static List<EntryId> put(LocalSemanticCache cache, List<Entry> entries) {
    List<EntryId> ids = new ArrayList<>();
    for (Entry entry : entries) {
      PutOptions options = PutOptions.DEFAULTS.tags(tag(entry)).provenance(provenance(entry));
      ids.add(
          cache
              .put(entry.scope(), entry.text(), entry.answer(), options)
              .orElseThrow(() -> new IllegalStateException("a put was dropped")));
    }
    return ids;
  }

  /** {@return the tag of an entry, which it shares with those of the same text} */
  public static String tag(Entry entry) {
    return "about " + entry.text();
  }

  /** {@return who wrote an entry: one principal for each tenant} */
  public static String provenance(Entry entry) {
    return "writer of " + entry.scope().tenant();
  }

  /** Opens a damaged store, asks for all of it, and closes it. {@return entries lost, or -1} */
  public int examine(
      Path directory,
      ResponseStore.Factory answers,
      List<Entry> entries,
      Journal journal,
      String context)
      throws IOException {
    LocalSemanticCache cache = journal.opened(() -> open(directory, answers), context);
    if (cache == null) {
      return -1;
    }
    int lost;
    try (cache) {
      lost = new Check(journal).ask(cache, entries, context);
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": closing threw " + e);
      return -1;
    }
    return lost;
  }
}
