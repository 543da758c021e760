package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The numbers at the start of a Chronicle Map's file that it takes on trust. With a wrong one it
 * waits a minute for a file that is not ready, reads behind the end of the mapping, which ends the
 * process, or makes the file terabytes long. They are checked before every opening, by plain reads.
 *
 * <pre>
 *   0  checksum             u64  of the header: Chronicle Map checks it itself
 *   8  headerBytes          u32  the two highest bits: not ready
 *  12  header                    text; then, from the next cache line on:
 *   0  lock                 u64
 *   8  extraBulks           u24  of segments' further tiers, behind the data store
 *  11  firstFreeTier        u40
 *  16  extraTiers           u40
 *  21  segmentHeadersOffset u32  the page behind the 1,024 bytes kept for these numbers
 *  25  dataStoreBytes       u63
 * </pre>
 */
final class ChronicleHeader {
  private static final int HEADER = 12;
  private static final int HEADER_BYTES_MAX = 1 << 16;
  private static final int LINE = 64;
  private static final int PAGE = 4096;
  private static final int RESERVED_BYTES = 1024;
  private static final int STATE_BYTES = 33;

  /** Chronicle Map allows as many further tiers as there are segments. */
  private final int extraTiersMax;

  private final Path file;

  ChronicleHeader(Path file, int segments) {
    this.file = file;
    extraTiersMax = segments;
  }

  /**
   * Checks a file that exists.
   *
   * @throws DamagedFileException if one of the numbers cannot be right
   */
  void check() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      ByteBuffer start = read(channel, 0, HEADER);
      int headerBytes = start.getInt(8);
      require(headerBytes > 0 && headerBytes <= HEADER_BYTES_MAX, "header of", headerBytes);
      int stateAt = HEADER + headerBytes + LINE - 1 & -LINE;
      ByteBuffer state = read(channel, stateAt, STATE_BYTES);
      long bulks = state.getInt(8) & 0xFFFFFF;
      long firstFreeTier = state.getLong(8) >>> 24;
      long tiers = state.getLong(16) & 0xFF_FFFF_FFFFL;
      long segments = state.getInt(21) & 0xFFFFFFFFL;
      long dataStore = state.getLong(25);
      require(bulks <= extraTiersMax, "further tiers in", bulks);
      require(tiers <= extraTiersMax, "further tiers", tiers);
      // Tiers are numbered from 1 on, those of the segments first.
      require(firstFreeTier <= 2L * extraTiersMax + 1, "next tier", firstFreeTier);
      require(segments == (stateAt + RESERVED_BYTES + PAGE - 1 & -PAGE), "segments from", segments);
      require(dataStore > segments && dataStore <= length, "data to", dataStore);
      require(bulks > 0 || length - dataStore < PAGE, "bytes", length);
    }
  }

  private ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new DamagedFileException(file.getFileName() + " ends in its header");
      }
    }
    return buffer;
  }

  private void require(boolean holds, String what, long value) throws DamagedFileException {
    if (!holds) {
      throw new DamagedFileException(
          file.getFileName() + " does not verify: " + what + " " + value);
    }
  }
}
