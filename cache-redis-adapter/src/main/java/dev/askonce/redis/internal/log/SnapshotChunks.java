package dev.askonce.redis.internal.log;

import dev.askonce.redis.internal.server.StreamId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * Cuts sealed records into chunks that a server can hold as values, and reads them back.
 *
 * <pre>
 *  0  magic       u32  "AOS1", little-endian as all numbers
 *  4  number      u32  of the chunk in its snapshot, from 0
 *  8  generation  u64  of the snapshot
 * 16  count       u32  records that follow
 * 20  records          each: length u32, bytes
 * end checksum    u32  CRC32C of all before
 * </pre>
 *
 * <p>A chunk says which it is, so that two cannot be swapped unnoticed. Its checksum finds damage
 * early; who may be believed is decided by each record's seal, and whether all records are there by
 * the {@link SnapshotManifest}.
 */
public final class SnapshotChunks {
  private static final int MAGIC = 0x31534F41;
  private static final int HEADER_BYTES = 20;
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int COUNT = 16;

  private SnapshotChunks() {}

  /**
   * Makes the chunks of one snapshot.
   *
   * <p>Not thread-safe.
   */
  public static final class Cutter {
    private final long generation;
    private final int chunkBytesMax;
    private final BiConsumer<Integer, byte[]> out;
    private final List<byte[]> waiting = new ArrayList<>();
    private long waitingBytes;
    private int chunks;
    private long records;
    private long byteSum;

    /**
     * @param chunkBytesMax the longest chunk; a record that is longer alone gets a chunk of its own
     * @param out takes each chunk's number and bytes, in order
     */
    public Cutter(long generation, int chunkBytesMax, BiConsumer<Integer, byte[]> out) {
      this.generation = generation;
      this.chunkBytesMax = chunkBytesMax;
      this.out = out;
    }

    /** Adds a record; its bytes are not copied before the chunk is full. */
    public void add(byte[] record) {
      long bytes = Integer.BYTES + record.length;
      if (HEADER_BYTES + waitingBytes + bytes + CHECKSUM_BYTES > chunkBytesMax) {
        flush();
      }
      waiting.add(record);
      waitingBytes += bytes;
      records++;
      byteSum += record.length;
    }

    /** Gives out the last chunk. {@return what there is, for the position where it was begun} */
    public SnapshotManifest finish(StreamId covers) {
      flush();
      return new SnapshotManifest(generation, chunks, records, byteSum, covers);
    }

    private void flush() {
      if (waiting.isEmpty()) {
        return;
      }
      int length = Math.toIntExact(HEADER_BYTES + waitingBytes + CHECKSUM_BYTES);
      ByteBuffer chunk = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      chunk.putInt(MAGIC).putInt(chunks).putLong(generation).putInt(waiting.size());
      for (byte[] record : waiting) {
        chunk.putInt(record.length).put(record);
      }
      chunk.putInt(checksum(chunk.array(), chunk.position()));
      out.accept(chunks++, chunk.array());
      waiting.clear();
      waitingBytes = 0;
    }
  }

  /**
   * {@return the records of a chunk, or empty if the bytes are not this chunk}
   *
   * @param generation of the snapshot
   * @param number of the chunk in it
   */
  public static Optional<List<byte[]>> read(long generation, int number, byte[] chunk) {
    int end = chunk.length - CHECKSUM_BYTES;
    if (end < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    boolean right = in.getInt() == MAGIC && in.getInt() == number && in.getLong() == generation;
    if (!right || in.getInt(end) != checksum(chunk, end)) {
      return Optional.empty();
    }
    int count = in.getInt(COUNT);
    in.position(HEADER_BYTES).limit(end);
    // Each record takes four bytes at least: no list is longer than the chunk has room for.
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      return Optional.empty();
    }
    List<byte[]> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining()) {
        return Optional.empty();
      }
      byte[] record = new byte[length];
      in.get(record);
      records.add(record);
    }
    return in.hasRemaining() ? Optional.empty() : Optional.of(records);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
