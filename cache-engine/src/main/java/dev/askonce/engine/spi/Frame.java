package dev.askonce.engine.spi;

import dev.askonce.engine.EntryId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import net.openhft.hashing.LongHashFunction;

/**
 * Typed sections of bytes that say whose they are and verify it: the form in which answers and
 * prompt cards are stored, here and on other machines.
 *
 * <pre>
 *  0  magic      u32  "AOF1", little-endian as all numbers
 *  4  count      u16  sections that follow
 *  6  reserved   u16  0
 *  8  epoch      u64  entry id
 * 16  sequence   u64
 * 24  scopeHigh  u64
 * 32  scopeLow   u64
 * 40  sections        each: type u8, length u32, bytes; types ascend
 * end checksum   u64  XXH3 of all before, seeded by the store
 * </pre>
 *
 * <p>Unknown section types are kept out of the way of readers that do not ask for them. A frame of
 * another entry, scope or store, or one with a changed bit, does not decode.
 */
public final class Frame {
  /** Section types are from 0 to this, exclusive. */
  public static final int TYPE_COUNT = 16;

  private static final int MAGIC = 0x31464F41;
  private static final int HEADER_BYTES = 40;
  private static final int CHECKSUM_BYTES = 8;
  private static final int SECTION_HEADER_BYTES = 5;

  private Frame() {}

  /**
   * {@return the frame of {@code sections}, indexed by type; null ones are left out}
   *
   * @param seed of the store's checksums
   */
  public static byte[] encode(long seed, EntryId id, Hash128 scope, byte[]... sections) {
    int count = 0;
    long length = HEADER_BYTES + CHECKSUM_BYTES;
    for (byte[] section : sections) {
      if (section != null) {
        count++;
        length += SECTION_HEADER_BYTES + section.length;
      }
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort((short) count).putShort((short) 0);
    out.putLong(id.epoch()).putLong(id.sequence()).putLong(scope.high()).putLong(scope.low());
    for (int type = 0; type < sections.length; type++) {
      if (sections[type] != null) {
        out.put((byte) type).putInt(sections[type].length).put(sections[type]);
      }
    }
    out.putLong(LongHashFunction.xx3(seed).hashBytes(out.array(), 0, out.position()));
    return out.array();
  }

  /** {@return the sections by type, absent ones null; empty if the frame does not verify} */
  public static Optional<byte[][]> decode(long seed, EntryId id, Hash128 scope, byte[] frame) {
    if (frame.length < HEADER_BYTES + CHECKSUM_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int end = frame.length - CHECKSUM_BYTES;
    if (Verification.ON && in.getLong(end) != LongHashFunction.xx3(seed).hashBytes(frame, 0, end)) {
      return Optional.empty();
    }
    boolean mine =
        in.getInt() == MAGIC
            & in.getShort(6) == 0
            & in.getLong(8) == id.epoch()
            & in.getLong(16) == id.sequence()
            & in.getLong(24) == scope.high()
            & in.getLong(32) == scope.low();
    return mine ? sections(in, in.getShort(4) & 0xFFFF, end) : Optional.empty();
  }

  private static Optional<byte[][]> sections(ByteBuffer in, int count, int end) {
    byte[][] sections = new byte[TYPE_COUNT][];
    in.position(HEADER_BYTES).limit(end);
    int previous = -1;
    for (int i = 0; i < count; i++) {
      if (in.remaining() < SECTION_HEADER_BYTES) {
        return Optional.empty();
      }
      int type = in.get() & 0xFF;
      int length = in.getInt();
      if (type <= previous || type >= TYPE_COUNT || length < 0 || length > in.remaining()) {
        return Optional.empty();
      }
      sections[type] = new byte[length];
      in.get(sections[type]);
      previous = type;
    }
    return in.hasRemaining() ? Optional.empty() : Optional.of(sections);
  }
}
