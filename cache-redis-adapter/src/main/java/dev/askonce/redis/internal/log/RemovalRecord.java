package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A removal in the file {@code REMOVALS}, and the file's header. A record lies in one sector.
 *
 * <pre>
 *    0  magic      u32  "AOR1", little-endian as all numbers
 *    4  version    u32  1
 *    8  zeros
 *   64  records of 64 bytes:
 *    0  kind       u32  1 entry, 2 scope, 3 tag, 4 tenant, 5 principal
 *    4  checksum   u32  CRC32C of the record with 0 here
 *    8  scopeHigh  u64  or 0, as the kind has it
 *   16  scopeLow   u64
 *   24  keyHigh    u64
 *   32  keyLow     u64
 *   40  name       u64  keyed hash
 *   48  version    u64  the highest that goes
 *   56  keepUntil  u64  milliseconds since 1970
 * </pre>
 */
record RemovalRecord(Removal removal, long keepUntilMillis) {
  static final int BYTES = 64;

  private static final int MAGIC = 0x31524F41;
  private static final int VERSION = 1;
  private static final int CHECKSUM = 4;

  /** {@return the first bytes of the file} */
  static byte[] header() {
    return buffer(new byte[BYTES]).putInt(0, MAGIC).putInt(4, VERSION).array();
  }

  /** {@return whether bytes of at least the header's length begin with it} */
  static boolean isHeader(byte[] file) {
    return Arrays.equals(file, 0, BYTES, header(), 0, BYTES);
  }

  byte[] encode() {
    ByteBuffer out = buffer(new byte[BYTES]);
    out.putInt(RecordCodec.number(removal.kind())).putInt(0);
    out.putLong(removal.scope().high()).putLong(removal.scope().low());
    out.putLong(removal.key().high()).putLong(removal.key().low());
    out.putLong(removal.name()).putLong(removal.version()).putLong(keepUntilMillis);
    return out.putInt(CHECKSUM, checksum(out.array())).array();
  }

  /** {@return the record in these {@link #BYTES}, if they verify} */
  static Optional<RemovalRecord> decode(byte[] record) {
    ByteBuffer in = buffer(record.clone());
    int stored = in.getInt(CHECKSUM);
    in.putInt(CHECKSUM, 0);
    if (stored != checksum(in.array())) {
      return Optional.empty();
    }
    int kind = in.getInt();
    in.getInt();
    Hash128 scope = new Hash128(in.getLong(), in.getLong());
    Hash128 key = new Hash128(in.getLong(), in.getLong());
    return RecordCodec.removal(kind, scope, key, in.getLong(), in.getLong())
        .map(removal -> new RemovalRecord(removal, in.getLong()));
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(byte[] record) {
    CRC32C crc = new CRC32C();
    crc.update(record, 0, BYTES);
    return (int) crc.getValue();
  }
}
