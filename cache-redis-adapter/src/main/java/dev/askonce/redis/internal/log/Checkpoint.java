package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.server.StreamId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How far a cache has read the logs, and how much of its own they have, in the file {@code
 * REPLICATION} of its store's directory: a hint. Where it is missing, older or cannot be read, logs
 * are read from their beginning and entries published again, which changes nothing that is known.
 *
 * <pre>
 *  0  magic      u32       "AOP1", little-endian as all numbers
 *  4  version    u32       1
 *  8  boot       u64       of the machine, or 0
 * 16  published  i64       milliseconds since 1970
 * 24  control    2 × u64   {@link StreamId}: milliseconds, sequence
 * 40  count      u32       scopes that follow
 * 44  scopes               each: scope 2 × u64, position 2 × u64
 * end checksum   u32       CRC32C of all before
 * </pre>
 *
 * @param scopes the position in the log of each scope
 * @param control the position in the log that all caches read
 * @param boot since when the machine runs, see {@link #currentBoot}: entries that are in mapped
 *     files alone outlive a kill, and not the machine, so a checkpoint does not either
 * @param publishedBeforeMillis what was put or removed here before, in milliseconds since 1970, is
 *     in the logs; 0 where that is not known
 */
public record Checkpoint(
    Map<Hash128, StreamId> scopes, StreamId control, long boot, long publishedBeforeMillis) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int MAGIC = 0x31504F41;
  private static final int VERSION = 1;
  private static final int POSITION_BYTES = 2 * Long.BYTES;
  private static final int SCOPE_BYTES = 2 * Long.BYTES + POSITION_BYTES;
  private static final int HEADER_BYTES = 44;

  /** More scopes than a cache can have entries of, and little enough to be read at once. */
  private static final int FILE_BYTES_MAX = 256 << 20;

  public Checkpoint {
    scopes = Map.copyOf(scopes);
  }

  /** {@return a name of the machine's run, or 0 where it is not known} */
  public static long currentBoot() {
    try {
      return UUID.fromString(Files.readString(BOOT_ID).strip()).getMostSignificantBits();
    } catch (IOException | IllegalArgumentException e) {
      return 0;
    }
  }

  /** {@return whether all that it says was here is here still} */
  public boolean isOfThisBoot() {
    return boot != 0 && boot == currentBoot();
  }

  /**
   * {@return whether this need not be replaced by a later one} Where all stands where it stood,
   * nothing was published since: the later time alone says nothing more.
   */
  public boolean saysAsMuchAs(Checkpoint later) {
    return publishedBeforeMillis <= later.publishedBeforeMillis
        && boot == later.boot
        && control.equals(later.control)
        && scopes.equals(later.scopes);
  }

  /** {@return the file of a store's directory} */
  static Path file(Path directory) {
    return directory.resolve("REPLICATION");
  }

  /**
   * Writes this in the place of what is there, at once: a kill leaves the one or the other.
   *
   * @throws IOException if the disk does not take it; what was there remains
   */
  public void write(Path directory) throws IOException {
    Path file = file(directory);
    Path unfinished = StoreFiles.unfinished(file);
    StoreFiles.create(unfinished);
    Files.write(unfinished, encode(), StandardOpenOption.WRITE);
    StoreFiles.finish(file);
  }

  /** {@return what was written last; empty if there is nothing, or it cannot be read} */
  public static Optional<Checkpoint> read(Path directory) {
    Path file = file(directory);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return decode(in.readNBytes(FILE_BYTES_MAX));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  byte[] encode() {
    int length = HEADER_BYTES + Math.multiplyExact(scopes.size(), SCOPE_BYTES) + Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION);
    out.putLong(boot).putLong(publishedBeforeMillis);
    put(out, control).putInt(scopes.size());
    scopes.forEach(
        (scope, position) -> put(out.putLong(scope.high()).putLong(scope.low()), position));
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  static Optional<Checkpoint> decode(byte[] bytes) {
    int end = bytes.length - Integer.BYTES;
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (end < HEADER_BYTES
        || in.getInt(end) != checksum(bytes, end)
        || in.getInt() != MAGIC
        || in.getInt() != VERSION) {
      return Optional.empty();
    }
    long boot = in.getLong();
    long published = in.getLong();
    StreamId control = position(in);
    int count = in.getInt();
    if (count < 0 || HEADER_BYTES + (long) count * SCOPE_BYTES != end) {
      return Optional.empty();
    }
    Map<Hash128, StreamId> scopes = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      scopes.put(new Hash128(in.getLong(), in.getLong()), position(in));
    }
    return Optional.of(new Checkpoint(scopes, control, boot, published));
  }

  private static ByteBuffer put(ByteBuffer out, StreamId position) {
    return out.putLong(position.millis()).putLong(position.sequence());
  }

  private static StreamId position(ByteBuffer in) {
    return new StreamId(in.getLong(), in.getLong());
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
