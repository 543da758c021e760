package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.base.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.Supplier;
import net.openhft.chronicle.hash.ChronicleHashCorruption;
import net.openhft.chronicle.hash.locks.InterProcessDeadLockException;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two Chronicle Maps, one of answers and one of prompt cards, sized, recovered and set aside
 * together. Values are never changed in place: an id is written once and removed once.
 *
 * <pre>
 *   answers-NNNNN.cm, prompts-NNNNN.cm    maps of 4 segments, without further tiers
 *   key    epoch u64, sequence u64        big-endian: the entry id
 *   value  {@link dev.askonce.engine.spi.Frame}
 * </pre>
 *
 * <p>Chronicle Map checks its entry checksums only in recovery, and a process killed inside a write
 * leaves its lock in the file. Hence: every frame verifies itself, and after an unclean stop a
 * shard is opened by recovery, never plainly. Its own corruption report would print keys and
 * values, so ours counts and prints nothing.
 */
final class ChronicleShard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleShard.class);

  private static final int SEGMENTS = 4;
  private static final int CHUNK_BYTES = 64;
  private static final int ANSWER_BYTES_AVERAGE = 1024;
  private static final int CARD_BYTES_AVERAGE = 192;
  private static final int KEY_BYTES = 16;

  /** Removed entries that make a full shard worth trying again. */
  private static final int RETRY_AFTER_REMOVALS = 256;

  /** How the files of a shard were left, and what may be done to them. */
  enum Left {
    /** Closed in order: opened as they are; what does not open is recovered. */
    CLEAN,
    /** Not closed in order: recovered. */
    UNCLEAN,
    /** Closed in order and to be looked at: opened as they are, or not at all. */
    AS_THEY_ARE,
    /** A copy of what was not closed in order, to be looked at: recovered, or not opened at all. */
    COPY;

    boolean isInspected() {
      return this == AS_THEY_ARE || this == COPY;
    }

    private boolean isRecovered() {
      return this == UNCLEAN || this == COPY;
    }
  }

  private final ChronicleMap<byte[], byte[]> answers;
  private final ChronicleMap<byte[], byte[]> cards;
  private final TierLinks answerLinks;
  private final TierLinks cardLinks;
  private volatile boolean full;

  /** Whether a lock of this shard was not to be had: left by a killed process, or damage. */
  private volatile boolean stuck;

  private volatile int removedSinceFull;

  private ChronicleShard(ChronicleMap<byte[], byte[]> answers, ChronicleMap<byte[], byte[]> cards) {
    this.answers = answers;
    this.cards = cards;
    answerLinks = TierLinks.of(answers);
    cardLinks = TierLinks.of(cards);
  }

  /**
   * The links of a map's segments to further tiers, of which there are none: Chronicle Map would
   * follow one that is damaged, and make the file as long as it asks for.
   */
  private record TierLinks(long[] addresses) {
    static TierLinks of(ChronicleMap<byte[], byte[]> map) {
      VanillaChronicleMap<?, ?, ?> open = (VanillaChronicleMap<?, ?, ?>) map;
      long[] addresses = new long[SEGMENTS];
      Arrays.setAll(addresses, i -> open.segmentHeaderAddress(i) + ChronicleHeader.LINK);
      return new TierLinks(addresses);
    }

    boolean areCut() {
      long links = 0;
      for (long address : addresses) {
        links |= Memory.getLong(address);
      }
      return links == 0;
    }
  }

  static Path answersFile(Path directory, int shard) {
    return directory.resolve("answers-%05d.cm".formatted(shard));
  }

  static Path cardsFile(Path directory, int shard) {
    return directory.resolve("prompts-%05d.cm".formatted(shard));
  }

  /**
   * Opens a shard, creating its files where they are missing.
   *
   * @param entries how many entries of average size it has room for
   * @param frameBytesMax the longest frame
   */
  static ChronicleShard open(Path directory, int shard, int entries, int frameBytesMax, Left left)
      throws IOException {
    ChronicleMap<byte[], byte[]> answers =
        map(answersFile(directory, shard), entries, ANSWER_BYTES_AVERAGE, frameBytesMax, left);
    try {
      return new ChronicleShard(
          answers,
          map(cardsFile(directory, shard), entries, CARD_BYTES_AVERAGE, frameBytesMax, left));
    } catch (IOException | RuntimeException e) {
      answers.close();
      throw e;
    }
  }

  private static ChronicleMap<byte[], byte[]> map(
      Path file, int entries, int valueBytes, int valueBytesMax, Left left) throws IOException {
    ChronicleMapBuilder<byte[], byte[]> builder =
        ChronicleMapBuilder.of(byte[].class, byte[].class)
            .name("askonce")
            .constantKeySizeBySample(new byte[KEY_BYTES])
            .averageValueSize(valueBytes)
            .entries(Math.max(entries, entriesForLongest(valueBytes, valueBytesMax)))
            .actualSegments(SEGMENTS)
            .actualChunkSize(CHUNK_BYTES)
            // Recovery gives up entries of further tiers: a full segment is a full shard.
            .allowSegmentTiering(false)
            // Its hook would unmap the files while calls still run in a process that is ending.
            .skipCloseOnExitHook(true)
            .maxChunksPerEntry((valueBytesMax + 2 * CHUNK_BYTES) / CHUNK_BYTES + 1)
            .checksumEntries(true)
            .putReturnsNull(true)
            .removeReturnsNull(true);
    boolean exists = Files.exists(file);
    boolean linked = exists && new ChronicleHeader(file, SEGMENTS).check();
    if (linked && left == Left.AS_THEY_ARE) {
      throw new DamagedFileException(file.getFileName() + " has links to what is not there");
    }
    if (exists && !linked && !left.isRecovered()) {
      try {
        return builder.createPersistedTo(file.toFile());
      } catch (IOException e) {
        if (left == Left.AS_THEY_ARE) {
          throw e;
        }
        // A damaged header, or no room: recovery tells one from the other.
        LOG.warn("a file of answers does not open, and is recovered: {}", e.toString());
      }
    }
    prepare(builder, file, exists);
    return builder.createPersistedTo(file.toFile());
  }

  /**
   * Makes a file, or recovers one, under another name, and then gives it its own: a process killed
   * while a map is being made or recovered leaves a file that Chronicle Map cannot open again.
   */
  private static void prepare(
      ChronicleMapBuilder<byte[], byte[]> builder, Path file, boolean exists) throws IOException {
    Path unfinished = StoreDirectory.unfinished(file);
    Files.deleteIfExists(unfinished);
    PrivateFiles.createFile(unfinished);
    if (exists) {
      Files.copy(
          file,
          unfinished,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
      CrashPoint.SHARD_COPIED.reached();
      new ChronicleHeader(unfinished, SEGMENTS).cutLinks();
      builder
          .recoverPersistedTo(unfinished.toFile(), false, ChronicleShard::countCorruption)
          .close();
      CrashPoint.SHARD_RECOVERED.reached();
    } else {
      builder.createPersistedTo(unfinished.toFile()).close();
      CrashPoint.SHARD_PREPARED.reached();
    }
    // Or the name may reach the disk before the bytes.
    Disk.forceFile(unfinished);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    CrashPoint.SHARD_NAMED.reached();
  }

  /** {@return how many average entries make a segment that has room for two of the longest} */
  private static long entriesForLongest(int valueBytes, int valueBytesMax) {
    return 2L * SEGMENTS * valueBytesMax / valueBytes;
  }

  private static void countCorruption(ChronicleHashCorruption corruption) {
    // Not corruption.message(): it holds the entry's bytes.
    LOG.info("recovery mended segment {}", corruption.segmentIndex());
  }

  /** Stores both frames. {@return whether there was room} */
  boolean put(EntryId id, byte[] card, byte[] answer) {
    byte[] key = key(id);
    try {
      return unlessStuck(
          () -> {
            answers.put(key, answer);
            CrashPoint.ANSWER_STORED.reached();
            cards.put(key, card);
            return true;
          });
    } catch (InterProcessDeadLockException e) {
      return false;
    } catch (IllegalStateException | IllegalArgumentException e) {
      // A segment is full, or the value takes more chunks than one has left.
      answers.remove(key);
      removedSinceFull = 0;
      full = true;
      return false;
    }
  }

  /** Writes both files to the disk. */
  void force() throws IOException {
    Disk.forceFile(answers.file().toPath());
    Disk.forceFile(cards.file().toPath());
  }

  boolean hasRoom() {
    return !stuck && (!full || removedSinceFull >= RETRY_AFTER_REMOVALS);
  }

  boolean isStuck() {
    return stuck;
  }

  byte[] answer(EntryId id) {
    return unlessStuck(() -> answers.get(key(id)));
  }

  byte[] card(EntryId id) {
    return unlessStuck(() -> cards.get(key(id)));
  }

  void remove(EntryId id) {
    byte[] key = key(id);
    unlessStuck(
        () -> {
          answers.remove(key);
          CrashPoint.ANSWER_REMOVED.reached();
          return cards.remove(key);
        });
    removedSinceFull++;
  }

  /**
   * Waits for a lock that nobody will release once, for the time that Chronicle Map gives it; from
   * then on the shard answers nothing at once, and is recovered at the next opening.
   */
  private <T> T unlessStuck(Supplier<T> call) {
    if (stuck) {
      throw new InterProcessDeadLockException("stuck since an earlier call");
    }
    if (!answerLinks.areCut() || !cardLinks.areCut()) {
      stuck = true;
      throw new InterProcessDeadLockException("damaged while it is open");
    }
    try {
      return call.get();
    } catch (InterProcessDeadLockException e) {
      LOG.warn("a shard of answers is stuck; it is recovered at the next opening");
      stuck = true;
      throw e;
    }
  }

  long removeOrphans(Predicate<EntryId> live) {
    return unlessStuck(
        () -> {
          long before = answers.longSize() + cards.longSize();
          removeOrphans(answers, live);
          removeOrphans(cards, live);
          return before - answers.longSize() - cards.longSize();
        });
  }

  private static void removeOrphans(ChronicleMap<byte[], byte[]> map, Predicate<EntryId> live) {
    map.forEachEntry(
        entry -> {
          if (!live.test(id(entry.key().get()))) {
            entry.context().remove(entry);
          }
        });
  }

  private static byte[] key(EntryId id) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(id.epoch()).putLong(id.sequence()).array();
  }

  private static EntryId id(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    return new EntryId(in.getLong(), in.getLong());
  }

  @Override
  public void close() {
    answers.close();
    cards.close();
  }
}
