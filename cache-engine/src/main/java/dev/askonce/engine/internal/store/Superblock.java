package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.openhft.hashing.LongHashFunction;

/**
 * What a store is: the content of the file {@code SUPER}. Two copies of 4,096 bytes are written in
 * turn, so that a torn write leaves the other one; the valid copy with the higher sequence counts.
 *
 * <pre>
 *    0  magic            8 bytes  "ASKONCE\n"
 *    8  formatMajor      u16      another one is refused
 *   10  formatMinor      u16      a higher one can be read
 *   12  dimension        u32
 *   16  featureCompat    u64      unknown bits may be ignored
 *   24  featureReadOnly  u64      unknown bits forbid writing
 *   32  featureIncompat  u64      unknown bits forbid opening; bit 0: frames are sealed,
 *                                bit 1: names are hashed with a secret that is not in the directory
 *   40  uuid             128 bits
 *   56  epoch            u64      grows by one at each opening
 *   64  sequence         u64      grows by one at each write of this block
 *   72  clean            u64      1 after an orderly close
 *   80  segmentSlots     u32
 *   84  reserved         u32
 *   88  createdMillis    i64
 *   96  writtenMillis    i64
 *  104  fingerprint      32 bytes SHA-256 of the embedder's fingerprint
 *  136  nameCheck        u64      with bit 1: a hash under that secret, by which it is known again
 * 4088  checksum         u64      XXH3 of all before
 * </pre>
 */
public record Superblock(
    UUID uuid,
    int dimension,
    byte[] fingerprint,
    int segmentSlots,
    long epoch,
    long sequence,
    boolean clean,
    boolean encrypted,
    OptionalLong nameCheck,
    long createdMillis,
    long writtenMillis) {
  /** The only major version this code reads. */
  public static final int FORMAT_MAJOR = 1;

  static final int FORMAT_MINOR = 0;
  static final int BYTES = 4096;

  private static final long ENCRYPTED = 1;
  private static final long SHARED_NAMES = 2;
  private static final long INCOMPAT_KNOWN = ENCRYPTED | SHARED_NAMES;
  private static final int NAME_CHECK = 136;
  private static final byte[] MAGIC = "ASKONCE\n".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM = BYTES - 8;
  private static final int FINGERPRINT_BYTES = 32;

  /** Most components of a vector. */
  private static final int DIMENSION_MAX = 4096;

  /** What a file {@code SUPER} turned out to be. */
  public enum Reading {
    VALID,
    /** No file. */
    ABSENT,
    /** Neither copy verifies. */
    DAMAGED,
    /** Written by another major version, or with a feature that this code does not know. */
    FOREIGN
  }

  /** A superblock that was read, and how many of its two copies did not verify. */
  public record Found(Reading reading, Optional<Superblock> superblock, int damagedCopies) {}

  /** {@return the file of a directory's superblock} */
  public static Path file(Path directory) {
    return directory.resolve("SUPER");
  }

  /** {@return the digest under which an embedder's fingerprint is kept} */
  public static byte[] fingerprintOf(String embedderFingerprint) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(embedderFingerprint.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Reads the file {@code SUPER} of a directory. */
  public static Found read(Path directory) throws IOException {
    Path file = file(directory);
    if (!Files.exists(file)) {
      return new Found(Reading.ABSENT, Optional.empty(), 0);
    }
    // No more than the copies: what a damaged file system adds may not fit into memory.
    try (InputStream in = Files.newInputStream(file)) {
      return read(in.readNBytes(2 * BYTES));
    }
  }

  /** Reads both copies. */
  static Found read(byte[] bytes) {
    Superblock best = null;
    int damaged = 0;
    long foreign = -1;
    for (int copy = 0; copy < 2; copy++) {
      int from = copy * BYTES;
      if (bytes.length < from + BYTES) {
        damaged++;
        continue;
      }
      ByteBuffer in =
          ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      if (!verifies(in)) {
        damaged++;
      } else if (isForeign(in)) {
        foreign = Math.max(foreign, in.getLong(64));
      } else {
        Superblock read = decode(in);
        if (read.isPossible()) {
          best = best == null || read.sequence > best.sequence ? read : best;
        } else {
          damaged++;
        }
      }
    }
    // What an older copy of ours says is no longer true where another version wrote after it.
    if (best != null && best.sequence > foreign) {
      return new Found(Reading.VALID, Optional.of(best), damaged);
    }
    Reading reading = foreign >= 0 ? Reading.FOREIGN : Reading.DAMAGED;
    return new Found(reading, Optional.empty(), damaged);
  }

  private static boolean isForeign(ByteBuffer in) {
    return in.getShort(8) != FORMAT_MAJOR
        || in.getLong(24) != 0
        || (in.getLong(32) & ~INCOMPAT_KNOWN) != 0;
  }

  private static boolean verifies(ByteBuffer in) {
    return Arrays.equals(in.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && in.getLong(CHECKSUM) == LongHashFunction.xx3().hashBytes(in.array(), 0, CHECKSUM);
  }

  /** Whether a store can be like this: lengths of files and of memory are computed from it. */
  private boolean isPossible() {
    return dimension >= 1
        && dimension <= DIMENSION_MAX
        && segmentSlots <= EntryTable.SEGMENT_SLOTS_MAX
        && segmentSlots >= 1
        && Integer.bitCount(segmentSlots) == 1;
  }

  private static Superblock decode(ByteBuffer in) {
    byte[] fingerprint = new byte[FINGERPRINT_BYTES];
    in.get(104, fingerprint);
    return new Superblock(
        new UUID(in.getLong(40), in.getLong(48)),
        in.getInt(12),
        fingerprint,
        in.getInt(80),
        in.getLong(56),
        in.getLong(64),
        in.getLong(72) == 1,
        (in.getLong(32) & ENCRYPTED) != 0,
        (in.getLong(32) & SHARED_NAMES) != 0
            ? OptionalLong.of(in.getLong(NAME_CHECK))
            : OptionalLong.empty(),
        in.getLong(88),
        in.getLong(96));
  }

  /** Writes this block over the older copy and forces it to the disk. */
  public void write(Path directory) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file(directory), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() == 0) {
        // Both copies from the start: a store with one valid copy means damage, never newness.
        channel.write(ByteBuffer.wrap(encode(sequence)), (sequence + 1 & 1) * BYTES);
      }
      channel.write(ByteBuffer.wrap(encode(sequence)), (sequence & 1) * BYTES);
      CrashPoint.SUPERBLOCK_WRITTEN.reached();
      channel.force(true);
      Disk.forced(file(directory));
    }
  }

  /** {@return one copy of this block, under a sequence} */
  byte[] encode(long blockSequence) {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(0, MAGIC).putShort(8, (short) FORMAT_MAJOR).putShort(10, (short) FORMAT_MINOR);
    long features = (encrypted ? ENCRYPTED : 0) | (nameCheck.isPresent() ? SHARED_NAMES : 0);
    out.putInt(12, dimension).putLong(32, features).putLong(NAME_CHECK, nameCheck.orElse(0));
    out.putLong(40, uuid.getMostSignificantBits()).putLong(48, uuid.getLeastSignificantBits());
    out.putLong(56, epoch).putLong(64, blockSequence).putLong(72, clean ? 1 : 0);
    out.putInt(80, segmentSlots).putLong(88, createdMillis).putLong(96, writtenMillis);
    out.put(104, fingerprint);
    out.putLong(CHECKSUM, LongHashFunction.xx3().hashBytes(out.array(), 0, CHECKSUM));
    return out.array();
  }

  /** {@return the seed of the checksums of this store's frames} */
  public long frameSeed() {
    return uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
  }

  /** {@return this block as it must be read where the other copy, lost, may have been the newer} */
  public Superblock withoutNewer() {
    return new Superblock(
        uuid,
        dimension,
        fingerprint,
        segmentSlots,
        epoch + 1,
        sequence,
        false,
        encrypted,
        nameCheck,
        createdMillis,
        writtenMillis);
  }

  /** {@return this block as it is written next} */
  public Superblock next(boolean nowClean, long nextEpoch, long nowMillis) {
    return new Superblock(
        uuid,
        dimension,
        fingerprint,
        segmentSlots,
        nextEpoch,
        sequence + 1,
        nowClean,
        encrypted,
        nameCheck,
        createdMillis,
        nowMillis);
  }
}
