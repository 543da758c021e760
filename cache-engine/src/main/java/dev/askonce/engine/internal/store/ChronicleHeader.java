package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.base.ByteSource;
import dev.askonce.engine.internal.base.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
 *
 *  segmentHeadersOffset + i × segmentHeaderSize, for segment i:
 *  16  nextTier             u64  0: none follows
 * </pre>
 */
final class ChronicleHeader {
  private static final int HEADER = 12;
  private static final int HEADER_BYTES_MAX = 1 << 16;
  private static final int LINE = 64;
  private static final int PAGE = 4096;
  private static final int RESERVED_BYTES = 1024;
  private static final int STATE_BYTES = 33;

  /** Where in a segment's header its link to a further tier is. */
  static final int LINK = 16;

  private static final int LINK_BYTES = 8;

  private final Path file;
  private final int segmentCount;

  ChronicleHeader(Path file, int segments) {
    this.file = file;
    segmentCount = segments;
  }

  /**
   * Checks a file that exists.
   *
   * @return whether a segment is linked to a further tier, of which there are none: behind a wrong
   *     link the file would be made longer
   * @throws DamagedFileException if one of the numbers cannot be right
   */
  boolean check() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return check(channel.size(), channel::read);
    }
  }

  /** As {@link #check()}, for a file of so many bytes. */
  boolean check(long length, ByteSource source) throws IOException {
    ByteBuffer start = read(source, 0, HEADER);
    int headerBytes = start.getInt(8);
    require(headerBytes > 0 && headerBytes <= HEADER_BYTES_MAX, "header of", headerBytes);
    int stateAt = stateAt(headerBytes);
    ByteBuffer state = read(source, stateAt, STATE_BYTES);
    long bulks = state.getInt(8) & 0xFFFFFF;
    long firstFreeTier = state.getLong(8) >>> 24;
    long tiers = state.getLong(16) & 0xFF_FFFF_FFFFL;
    long segments = state.getInt(21) & 0xFFFFFFFFL;
    long dataStore = state.getLong(25);
    // Our maps have none, and one is as long as the file: it would be made so at the opening.
    require(bulks == 0, "further tiers in", bulks);
    require(tiers == 0, "further tiers", tiers);
    // Tiers are numbered from 1 on, those of the segments first.
    require(firstFreeTier <= segmentCount + 1L, "next tier", firstFreeTier);
    require(segments == (stateAt + RESERVED_BYTES + PAGE - 1 & -PAGE), "segments from", segments);
    require(dataStore > segments && dataStore <= length, "data to", dataStore);
    require(length - dataStore < PAGE, "bytes", length);
    for (long at : linksAt(text(source, headerBytes), segments)) {
      require(at + LINK_BYTES <= dataStore, "links at", at);
      if (read(source, at, LINK_BYTES).getLong(0) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Cuts the links to further tiers in a file that was checked. */
  void cutLinks() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int headerBytes = read(channel::read, 0, HEADER).getInt(8);
      int stateAt = stateAt(headerBytes);
      long segments = read(channel::read, stateAt, STATE_BYTES).getInt(21) & 0xFFFFFFFFL;
      for (long at : linksAt(text(channel::read, headerBytes), segments)) {
        channel.write(ByteBuffer.allocate(LINK_BYTES), at);
      }
    }
  }

  private String text(ByteSource source, int bytes) throws IOException {
    return StandardCharsets.ISO_8859_1.decode(read(source, HEADER, bytes)).toString();
  }

  private long[] linksAt(String header, long segments) throws DamagedFileException {
    long headerBytes = number(header, "segmentHeaderSize");
    long[] at = new long[segmentCount];
    Arrays.setAll(at, i -> segments + i * headerBytes + LINK);
    return at;
  }

  private long number(String header, String name) throws DamagedFileException {
    Matcher matcher = Pattern.compile("\\b" + name + ": (\\d{1,9}),").matcher(header);
    if (!matcher.find()) {
      throw new DamagedFileException(file.getFileName() + " does not verify: no " + name);
    }
    return Long.parseLong(matcher.group(1));
  }

  private static int stateAt(int headerBytes) {
    return HEADER + headerBytes + LINE - 1 & -LINE;
  }

  private ByteBuffer read(ByteSource source, long from, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (source.read(buffer, from + buffer.position()) < 0) {
        throw new DamagedFileException(file.getFileName() + " ends in its header");
      }
    }
    return buffer.flip();
  }

  private void require(boolean holds, String what, long value) throws DamagedFileException {
    if (!holds) {
      throw new DamagedFileException(
          file.getFileName() + " does not verify: " + what + " " + value);
    }
  }
}
