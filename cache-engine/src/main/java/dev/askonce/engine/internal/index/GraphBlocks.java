package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.MappedFile;
import dev.askonce.engine.internal.base.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.IntArrayList;

/**
 * The links of all graphs of a store: one block for each node and level, in mapped files {@code
 * graph-*.dat}. A hint: never forced to disk, made anew at each opening.
 *
 * <pre>
 *   0  slot        u32  the entry
 *   4  count       u32  links that follow, written last
 *   8  above       u32  block of the same entry one level up, or -1
 *  12  level       u32
 *  16  links           up to 32 slots at level 0, up to 16 above
 * 144  unused
 * 192  next block
 * </pre>
 *
 * <p>Threading: one linking thread allocates, writes and frees; any thread reads. A reader may see
 * a list while it is being replaced: each link is one aligned word, so it is some slot that was or
 * will be a neighbour. A block is freed only after the readers' epoch.
 */
public final class GraphBlocks implements AutoCloseable {
  static final int NONE = -1;
  static final int LINKS_BASE = 32;
  static final int LINKS_ABOVE = 16;

  private static final int BLOCK_BYTES = 192;
  private static final int LINKS = 16;
  private static final int SEGMENT_SHIFT = 13;
  private static final int SEGMENT_BLOCKS = 1 << SEGMENT_SHIFT;

  private final Path directory;
  private final List<MappedFile> files = new ArrayList<>();
  private final IntArrayList free = new IntArrayList();

  private volatile long[] bases = new long[0];
  private volatile int[] blockOfSlot = new int[0];
  private int used;

  public GraphBlocks(Path directory) {
    this.directory = directory;
  }

  /** Makes room for entries up to {@code slotCapacity}, exclusive. */
  void reserveSlots(int slotCapacity) {
    int[] current = blockOfSlot;
    if (slotCapacity > current.length) {
      int[] longer = Arrays.copyOf(current, slotCapacity);
      Arrays.fill(longer, current.length, slotCapacity, NONE);
      blockOfSlot = longer;
    }
  }

  /** {@return a slot's block at level 0, or {@link #NONE} if it is in no graph} */
  int baseBlock(int slot) {
    int[] current = blockOfSlot;
    return slot < current.length ? current[slot] : NONE;
  }

  void setBaseBlock(int slot, int block) {
    blockOfSlot[slot] = block;
  }

  /** {@return a slot's block at a level, or {@link #NONE}} */
  int block(int slot, int level) {
    int block = baseBlock(slot);
    for (int i = 0; i < level && block != NONE; i++) {
      block = above(block);
    }
    return block;
  }

  /**
   * {@return a new block without links}
   *
   * @throws IOException if the disk is full
   */
  int allocate(int slot, int level) throws IOException {
    int block = free.isEmpty() ? extend() : free.popInt();
    long address = address(block);
    Memory.putInt(address, slot);
    Memory.putInt(address + 8, NONE);
    Memory.putInt(address + 12, level);
    Memory.putIntRelease(address + 4, 0);
    return block;
  }

  private int extend() throws IOException {
    if (used == bases.length << SEGMENT_SHIFT) {
      MappedFile file =
          MappedFile.open(
              directory.resolve("graph-%05d.dat".formatted(bases.length)),
              (long) SEGMENT_BLOCKS * BLOCK_BYTES);
      files.add(file);
      long[] longer = Arrays.copyOf(bases, bases.length + 1);
      longer[bases.length] = file.address();
      bases = longer;
    }
    return used++;
  }

  /** Frees all blocks of a slot that no reader can reach any more. */
  public void release(int slot) {
    int block = baseBlock(slot);
    if (block == NONE) {
      return;
    }
    blockOfSlot[slot] = NONE;
    while (block != NONE) {
      int next = above(block);
      free.addInt(block);
      block = next;
    }
  }

  private long address(int block) {
    return bases[block >>> SEGMENT_SHIFT] + (long) (block & (SEGMENT_BLOCKS - 1)) * BLOCK_BYTES;
  }

  int slot(int block) {
    return Memory.getInt(address(block));
  }

  int above(int block) {
    return Memory.getInt(address(block) + 8);
  }

  void setAbove(int block, int higher) {
    Memory.putInt(address(block) + 8, higher);
  }

  int level(int block) {
    return Memory.getInt(address(block) + 12);
  }

  int linksMax(int block) {
    return level(block) == 0 ? LINKS_BASE : LINKS_ABOVE;
  }

  /** {@return the number of links; never more than there is room for, whatever the file says} */
  int count(int block) {
    int count = Memory.getIntAcquire(address(block) + 4);
    return count < 0 || count > LINKS_BASE ? 0 : count;
  }

  int link(int block, int index) {
    return Memory.getInt(address(block) + LINKS + ((long) index << 2));
  }

  boolean hasLink(int block, int slot) {
    int count = count(block);
    for (int i = 0; i < count; i++) {
      if (link(block, i) == slot) {
        return true;
      }
    }
    return false;
  }

  /** Replaces the list of a block. */
  void setLinks(int block, int[] slots, int count) {
    assert count <= linksMax(block) : count;
    long address = address(block);
    for (int i = 0; i < count; i++) {
      Memory.putInt(address + LINKS + ((long) i << 2), slots[i]);
    }
    Memory.putIntRelease(address + 4, count);
  }

  /** Adds a link; the block has room. */
  void addLink(int block, int slot) {
    int count = count(block);
    assert count < linksMax(block) : count;
    long address = address(block);
    Memory.putInt(address + LINKS + ((long) count << 2), slot);
    Memory.putIntRelease(address + 4, count + 1);
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
    files.clear();
  }
}
