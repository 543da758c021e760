package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.ByteSource;
import dev.askonce.fuzz.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * A snapshot without its blocks, made of an input: flags, the numbers of the header, the tables. By
 * the flags the header fits this space, and the checksums hold.
 */
final class SnapshotBytes implements ByteSource {
  private static final int HEADER = 4096;
  private static final int CHECKSUM = HEADER - Long.BYTES;

  /** More than the few nodes and slots of a table here need. */
  private static final int TABLES_BYTES_MAX = 4096;

  private static final int FITS = 1;
  private static final int WITH_TABLES_CHECKSUM = 2;
  private static final int WITH_CHECKSUM = 4;
  private static final int WITH_LENGTH = 8;

  private static final LongHashFunction HASH = LongHashFunction.xx3();

  private final byte[] head;
  private final byte[] tables;
  private final long length;

  private SnapshotBytes(byte[] head, byte[] tables, long length) {
    this.head = head;
    this.tables = tables;
    this.length = length;
  }

  static SnapshotBytes of(Input input, IndexSpace space) {
    int flags = input.next();
    GraphSnapshot.Header header =
        (flags & FITS) != 0
            ? new GraphSnapshot.Header(
                space.words,
                space.blocks.stride(),
                input.next(),
                input.next(SmallSpace.SLOTS + 1),
                input.next(4),
                SmallSpace.STORE.getMostSignificantBits(),
                SmallSpace.STORE.getLeastSignificantBits(),
                input.next(8))
            : new GraphSnapshot.Header(
                input.nextInt(),
                input.nextInt(),
                input.nextInt(),
                input.nextInt(),
                input.nextInt(),
                input.nextLong(),
                input.nextLong(),
                input.nextInt());
    boolean small = header.tablesBytes() >= 0 && header.tablesBytes() <= TABLES_BYTES_MAX;
    long fileBytes = (flags & WITH_LENGTH) != 0 ? header.fileBytes() : input.nextLong();
    byte[] tables = small ? input.take((int) header.tablesBytes()) : input.rest();
    boolean whole = (flags & WITH_TABLES_CHECKSUM) != 0;
    byte[] head = new byte[HEADER];
    header.encode(whole ? HASH.hashBytes(tables) : 0).get(0, head);
    if ((flags & WITH_CHECKSUM) == 0) {
      head[input.next()] ^= (byte) input.next();
    }
    return new SnapshotBytes(head, tables, fileBytes);
  }

  /** {@return the length that the file is said to have} */
  long length() {
    return length;
  }

  ByteBuffer tables() {
    return ByteBuffer.wrap(tables).order(ByteOrder.LITTLE_ENDIAN);
  }

  byte[] head() {
    return head;
  }

  @Override
  public int read(ByteBuffer target, long from) {
    byte[] part = from < HEADER ? head : tables;
    int at = (int) (from < HEADER ? from : Math.min(from - HEADER, tables.length));
    if (at == part.length) {
      return -1;
    }
    int count = Math.min(target.remaining(), part.length - at);
    target.put(part, at, count);
    return count;
  }

  /** Two graphs over the entries of {@link SmallSpace}: a node for each slot but the last. */
  static List<byte[]> seeds() {
    int slots = SmallSpace.SLOTS;
    int nodes = slots - 1;
    ByteBuffer seed = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    seed.put((byte) (FITS | WITH_TABLES_CHECKSUM | WITH_CHECKSUM | WITH_LENGTH));
    seed.put((byte) nodes).put((byte) slots).put((byte) 2).put((byte) 2);
    seed.putLong(0);
    for (int graph = 0; graph < 2; graph++) {
      seed.putLong(SmallSpace.SCOPES[graph].high()).putLong(SmallSpace.SCOPES[graph].low());
      seed.putInt(0).putInt(1);
    }
    seed.putInt(0).putInt(1);
    for (int node = 0; node < nodes; node++) {
      seed.putInt(node % 2);
    }
    for (int slot = 0; slot < slots; slot++) {
      // The last shares the node of the one of its scope before.
      seed.putInt(slot < nodes ? slot : slot - 2);
    }
    for (int slot = 0; slot < slots; slot++) {
      seed.putInt(slot == slots - 3 ? slots - 1 : -1);
    }
    for (int slot = 0; slot < slots; slot++) {
      seed.putInt(1);
    }
    byte[] whole = new byte[seed.position()];
    seed.get(0, whole);
    return List.of(whole);
  }
}
