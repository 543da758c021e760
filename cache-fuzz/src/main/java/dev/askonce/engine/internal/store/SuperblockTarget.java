package dev.askonce.engine.internal.store;

import dev.askonce.engine.internal.store.Superblock.Found;
import dev.askonce.engine.internal.store.Superblock.Reading;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import net.openhft.hashing.LongHashFunction;

/** The file {@code SUPER}: what is taken for valid is a block that was written, byte for byte. */
public final class SuperblockTarget implements Target {
  private static final int CHECKSUM = Superblock.BYTES - Long.BYTES;

  /** Bytes of a copy that an input has; the rest is zero. */
  private static final int USED = 144;

  private static final int WITH_CHECKSUM = 1;
  private static final int CUT = 4;

  /* An input: flags of each copy and of the whole, then the copies' first bytes. */

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int flags = input.next();
    int cut = input.next() << 8 | input.next();
    byte[] file = new byte[2 * Superblock.BYTES];
    for (int copy = 0; copy < 2; copy++) {
      int from = copy * Superblock.BYTES;
      System.arraycopy(input.take(USED), 0, file, from, USED);
      if ((flags >>> copy & WITH_CHECKSUM) != 0) {
        long checksum = LongHashFunction.xx3().hashBytes(file, from, CHECKSUM);
        little(file).putLong(from + CHECKSUM, checksum);
      }
    }
    byte[] content = (flags & CUT) != 0 ? Arrays.copyOf(file, cut % file.length) : file;
    Found found = Superblock.read(content);
    Target.require(found.reading() != Reading.ABSENT, "a file that is there");
    Target.require(
        found.superblock().isPresent() == (found.reading() == Reading.VALID), "block and reading");
    found.superblock().ifPresent(block -> requireWritten(block, content));
  }

  private static void requireWritten(Superblock block, byte[] content) {
    // Of the format, a higher minor version may use what ours leaves zero.
    byte[] mine = block.encode(block.sequence());
    for (int from = 0; from + Superblock.BYTES <= content.length; from += Superblock.BYTES) {
      byte[] copy = Arrays.copyOfRange(content, from, from + Superblock.BYTES);
      boolean clean = little(copy).getLong(72) == 1;
      if (hasSameFields(mine, copy) && clean == block.clean()) {
        requireUsable(block);
        return;
      }
    }
    throw new AssertionError("no copy says " + block);
  }

  private static boolean hasSameFields(byte[] mine, byte[] copy) {
    return Arrays.equals(mine, 0, 10, copy, 0, 10)
        && Arrays.equals(mine, 12, 16, copy, 12, 16)
        && Arrays.equals(mine, 24, 72, copy, 24, 72)
        && Arrays.equals(mine, 80, 84, copy, 80, 84)
        && Arrays.equals(mine, 88, USED, copy, 88, USED);
  }

  /** What is computed from these numbers next has no limit of its own. */
  private static void requireUsable(Superblock block) {
    Target.require(block.dimension() >= 1 && block.dimension() <= 4096, "dimension");
    Target.require(
        Integer.bitCount(block.segmentSlots()) == 1
            && block.segmentSlots() > 0
            && block.segmentSlots() <= EntryTable.SEGMENT_SLOTS_MAX,
        "slots of a segment");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public List<byte[]> seeds() {
    Superblock block =
        new Superblock(
            new UUID(1, 2),
            384,
            Superblock.fingerprintOf("model"),
            8192,
            3,
            4,
            true,
            false,
            OptionalLong.of(7),
            5,
            6);
    ByteBuffer both = ByteBuffer.allocate(3 + 2 * USED);
    both.put((byte) 3).put((byte) 0).put((byte) 0);
    both.put(block.encode(5), 0, USED).put(block.encode(4), 0, USED);
    byte[] old = both.array().clone();
    old[0] = 1;
    return List.of(both.array(), old);
  }
}
