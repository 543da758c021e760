package dev.askonce.bench.crash;

import dev.askonce.engine.EntryId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One line of an oracle's log.
 *
 * <pre>
 *    0  type      u8
 *    1  tags      u8   one bit for each
 *    2  scope     u16
 *    4  key       i32
 *    8  version   i64  of a put; the number of an invalidation
 *   16  millis    i64  when it was written
 *   24  value     i64  of a put: milliseconds to live; found: when it expires, 0 where
 *                      that is not known; of an invalidation of an entry: its version
 *   32  epoch     i64  of the entry, 0 where it is not known
 *   40  sequence  i64
 *   48  writer    u16  principal of a put
 *   50  group     u8   what is invalidated
 *   51            5 bytes, zero
 *   56  check     i64  of all before
 * </pre>
 */
record Event(
    Type type,
    int tags,
    int scope,
    int key,
    long version,
    long millis,
    long value,
    long epoch,
    long sequence,
    int writer,
    Group group) {
  static final int BYTES = 64;
  private static final int CHECK = 56;

  enum Type {
    /** A process begins to open the store. */
    OPENING,
    /** Somebody damaged the store: whatever is in it may be gone. */
    DAMAGED,
    PUT_BEGUN,
    PUT_DONE,
    /** The put was refused. */
    PUT_DROPPED,
    GONE_BEGUN,
    GONE_DONE,
    /** What was uncertain was looked at: this version is there. */
    FOUND,
    /** What was uncertain was looked at: this version is not there. */
    MISSED
  }

  /** What an invalidation removes; which one is in {@code key}. */
  enum Group {
    ENTRY,
    TAG,
    WRITER,
    SCOPE,
    TENANT
  }

  Optional<EntryId> id() {
    return epoch == 0 ? Optional.empty() : Optional.of(new EntryId(epoch, sequence));
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put((byte) type.ordinal()).put((byte) tags).putShort((short) scope).putInt(key);
    out.putLong(version).putLong(millis).putLong(value).putLong(epoch).putLong(sequence);
    out.putShort((short) writer).put((byte) group.ordinal());
    out.putLong(CHECK, check(out));
    return out.position(0).limit(BYTES);
  }

  /** {@return the event, or empty where the bytes are not one} */
  static Optional<Event> decode(ByteBuffer in) {
    boolean whole =
        in.getLong(CHECK) == check(in)
            && in.get(0) >= 0
            && in.get(0) < Type.values().length
            && in.get(50) >= 0
            && in.get(50) < Group.values().length;
    if (!whole) {
      return Optional.empty();
    }
    return Optional.of(
        new Event(
            Type.values()[in.get(0)],
            in.get(1) & 0xFF,
            in.getShort(2),
            in.getInt(4),
            in.getLong(8),
            in.getLong(16),
            in.getLong(24),
            in.getLong(32),
            in.getLong(40),
            in.getShort(48),
            Group.values()[in.get(50)]));
  }

  static long check(ByteBuffer bytes) {
    long sum = 1;
    for (int i = 0; i < CHECK; i += Long.BYTES) {
      sum = Long.rotateLeft(sum ^ bytes.getLong(i), 23) * 0x9E3779B97F4A7C15L;
    }
    return sum;
  }
}
