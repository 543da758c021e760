package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.base.PageMemory;
import dev.askonce.engine.internal.base.Version;
import dev.askonce.engine.internal.base.Words;
import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.VectorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.collections.IntArrayList;

/**
 * The nodes of all graphs of a store: one block a node, which holds its links and, beside them, the
 * codes of the nodes they lead to. A hop of a search reads this block from end to end and nothing
 * else. A hint that lies in memory: linking changes blocks all over it, and a mapped file would be
 * written to the disk again and again. At an orderly close it is copied to a {@link GraphSnapshot},
 * and at the next opening read where that lies until it is {@linkplain #settle in memory again}.
 *
 * <pre>
 *   0    entry      i32       slot of the node's first entry; -1: dead, a signpost
 *   4    count      u32       links that follow, written last
 *   8    inDegree   u32       lists that hold this node
 *   12   moves      u32       how often the first entry was replaced
 *   16   entries    u32       length of the chain that begins at the first entry
 *   20   unused
 *   24   version    u64       odd while lanes that were in the list are changed, see {@link Version}
 *   32   unused
 *   64   links      u32 × 32  nodes
 *   192  codes                a {@link CodeGroup} of the same lanes
 *   …    code                 the node's own, from which its neighbours copy
 * </pre>
 *
 * <p>Threading: a list is changed under its node's lock, of which no thread holds two; the entry
 * and its chain under the writer's lock; any thread reads. A search that takes a link with the code
 * of another would know that node by a wrong estimate until it ends, so it reads a list again whose
 * {@link #version} says that lanes changed meanwhile. A block is used again only after the readers'
 * epoch.
 */
final class NodeBlocks implements AutoCloseable {
  /** Most links of a node. */
  static final int LINKS_MAX = CodeGroup.LANES;

  /** Entry of a node whose entries are all gone. */
  static final int DEAD = -1;

  /** Most entries of a node. */
  static final int ENTRIES_MAX = 64;

  /** A node whose first entry was replaced so often takes no more: it may have drifted. */
  private static final int MOVES_MAX = 2;

  /** Nodes are numbered below this. */
  static final int NODES_MAX = 1 << 25;

  private static final int COUNT = 4;
  private static final int IN_DEGREE = 8;
  private static final int MOVES = 12;
  private static final int ENTRIES = 16;
  private static final int VERSION = 24;
  private static final int LINKS = 64;
  private static final int CODES = LINKS + LINKS_MAX * Integer.BYTES;
  private static final int PAGE = 4096;
  private static final int SEGMENT_SHIFT = 12;
  static final int SEGMENT_BLOCKS = 1 << SEGMENT_SHIFT;
  private static final int LOCKS = 1024;

  private final int words;
  private final int codeOffset;
  private final int stride;
  private final Lock[] locks = new Lock[LOCKS];
  private final List<PageMemory> segments = new ArrayList<>();
  private final IntArrayList free = new IntArrayList();

  private volatile long[] bases = new long[0];
  private int used;

  /** A dead block without links, in the place of all that there are not. */
  private final long voidBlock;

  private final Arena voidArena = Arena.ofShared();

  /** A whole number of segments; less in tests. */
  int nodesMax = NODES_MAX;

  NodeBlocks(int words) {
    this.words = words;
    codeOffset = CODES + CodeGroup.bytes(words);
    int bytes = (codeOffset + VectorCode.bytes(words) + Memory.LINE - 1) & -Memory.LINE;
    // Blocks a multiple of a page apart would fall into the same cache sets.
    stride = bytes % PAGE == 0 ? bytes + Memory.LINE : bytes;
    Arrays.setAll(locks, i -> new ReentrantLock());
    voidBlock = voidArena.allocate(stride, Memory.LINE).address();
    Memory.putInt(voidBlock, DEAD);
  }

  /** {@return bytes of memory that the blocks take, free ones included} */
  long bytes() {
    return segmentCount() * segmentBytes();
  }

  int stride() {
    return stride;
  }

  /** {@return bytes of a segment: whole pages} */
  long segmentBytes() {
    return (long) SEGMENT_BLOCKS * stride;
  }

  int segmentCount() {
    return bases.length;
  }

  long segmentAddress(int segment) {
    return bases[segment];
  }

  /** {@return nodes are numbered below this} */
  synchronized int used() {
    return used;
  }

  /**
   * Takes over blocks that lie elsewhere, into these, which are empty: one segment behind the
   * other, for {@link #settle} to move.
   *
   * @param address of memory that may be written, and of which the content may be anything
   * @param nodes how many there are, those that are free among them
   */
  synchronized void load(long address, int nodes, IntArrayList freeNodes) {
    assert used == 0 && segments.isEmpty();
    long[] loaded = new long[(nodes + SEGMENT_BLOCKS - 1) >>> SEGMENT_SHIFT];
    Arrays.setAll(loaded, i -> address + i * segmentBytes());
    used = nodes;
    free.addAll(freeNodes);
    bases = loaded;
  }

  /**
   * Copies a loaded segment into memory of our own, where it is then. While nobody changes a block.
   *
   * @throws IOException if there is no memory; it stays where it is
   */
  synchronized void settle(int segment) throws IOException {
    PageMemory memory = PageMemory.allocate(segmentBytes());
    segments.add(memory);
    Memory.copy(bases[segment], memory.address(), segmentBytes());
    long[] settled = bases.clone();
    settled[segment] = memory.address();
    bases = settled;
  }

  /** Forgets all nodes; no reader may be able to reach one any more. */
  synchronized void clear() {
    bases = new long[0];
    segments.forEach(PageMemory::close);
    segments.clear();
    free.clear();
    used = 0;
  }

  /** {@return bytes of a block that a search reads} */
  int searchedBytes() {
    return codeOffset;
  }

  /** {@return the lock of a node's list; held by no thread together with another node's} */
  Lock lock(int node) {
    return locks[node & (LOCKS - 1)];
  }

  /**
   * {@return a new node without links, known to nobody}
   *
   * @throws IOException if there is no memory
   */
  synchronized int allocate(int slot, VectorCode code) throws IOException {
    int node = free.isEmpty() ? extend() : free.popInt();
    long address = address(node);
    Memory.putInt(address + IN_DEGREE, 0);
    Memory.putInt(address + MOVES, 0);
    Memory.putInt(address + COUNT, 0);
    Memory.putInt(address + ENTRIES, 1);
    code.store(address + codeOffset);
    Memory.putIntRelease(address, slot);
    return node;
  }

  private int extend() throws IOException {
    if (used == bases.length << SEGMENT_SHIFT) {
      if (used >= nodesMax) {
        throw new IOException("no room for more than " + used + " nodes");
      }
      PageMemory segment = PageMemory.allocate((long) SEGMENT_BLOCKS * stride);
      segments.add(segment);
      long[] longer = Arrays.copyOf(bases, bases.length + 1);
      longer[bases.length] = segment.address();
      bases = longer;
    }
    return used++;
  }

  /** Gives back a node that no reader can reach any more. */
  synchronized void release(int node) {
    free.addInt(node);
  }

  /**
   * {@return the address of a node's block} A node that was read from a block is below the
   * capacity: only such are written. Of what a damaged snapshot says it is that of a dead one.
   */
  long address(int node) {
    int segment = node >>> SEGMENT_SHIFT;
    long[] current = bases;
    if (segment >= current.length) {
      // The link was read before the array, so some machines may have read the array first.
      VarHandle.fullFence();
      current = bases;
      if (segment >= current.length) {
        return voidBlock;
      }
    }
    return current[segment] + (long) (node & (SEGMENT_BLOCKS - 1)) * stride;
  }

  /** {@return the slot of the first entry, or {@link #DEAD}} */
  int entry(int node) {
    return Memory.getIntAcquire(address(node));
  }

  void setEntry(int node, int slot) {
    Memory.putIntRelease(address(node), slot);
  }

  boolean isDead(int node) {
    return entry(node) == DEAD;
  }

  /** {@return how many entries share the node} Under the writer's lock, as the changes. */
  int entries(int node) {
    return Memory.getInt(address(node) + ENTRIES);
  }

  void addEntries(int node, int delta) {
    Memory.putInt(address(node) + ENTRIES, entries(node) + delta);
  }

  /** {@return whether a node may get one more entry} */
  boolean takesEntries(int node) {
    return entry(node) != DEAD
        && entries(node) < ENTRIES_MAX
        && Memory.getInt(address(node) + MOVES) < MOVES_MAX;
  }

  void addMove(int node) {
    long at = address(node) + MOVES;
    Memory.putInt(at, Memory.getInt(at) + 1);
  }

  /** {@return the number of links; never more than there is room for} */
  int count(int node) {
    return count(address(node));
  }

  static int count(long address) {
    int count = Memory.getIntAcquire(address + COUNT);
    return count < 0 || count > LINKS_MAX ? 0 : count;
  }

  int link(int node, int lane) {
    return link(address(node), lane);
  }

  static int link(long address, int lane) {
    // Of a damaged snapshot: some node that there may be.
    return Memory.getInt(address + LINKS + ((long) lane << 2)) & (NODES_MAX - 1);
  }

  /** {@return the version of a list, read before count, codes and links} */
  static long version(long address) {
    return Version.read(Words.MEMORY, address + VERSION);
  }

  /** {@return whether what was read of a list since it had this version belongs together} */
  static boolean isUnchanged(long address, long version) {
    return Version.isUnchanged(Words.MEMORY, address + VERSION, version);
  }

  /** Begins to change lanes that are in a list. What is appended needs no such mark. */
  void beginChange(int node) {
    Version.begin(Words.MEMORY, address(node) + VERSION);
  }

  void endChange(int node) {
    Version.end(Words.MEMORY, address(node) + VERSION);
  }

  /** Copies the links whose bit is set in {@code mask} to the places of their lanes. */
  static void copyLinks(long address, int mask, int[] links) {
    for (int left = mask; left != 0; left &= left - 1) {
      int lane = Integer.numberOfTrailingZeros(left);
      links[lane] = link(address, lane);
    }
  }

  static long codes(long address) {
    return address + CODES;
  }

  boolean hasLink(int node, int other) {
    int count = count(node);
    for (int lane = 0; lane < count; lane++) {
      if (link(node, lane) == other) {
        return true;
      }
    }
    return false;
  }

  int inDegree(int node) {
    return Memory.getIntAcquire(address(node) + IN_DEGREE);
  }

  /** Counts one list more or less that holds a node. */
  void addInDegree(int node, int delta) {
    Memory.getAndAddInt(address(node) + IN_DEGREE, delta);
  }

  /** {@return the address of a node's own code} */
  long code(int node) {
    return address(node) + codeOffset;
  }

  /** Writes a link and its code into a lane; the count is not changed. */
  void setLink(int node, int lane, int other) {
    long address = address(node);
    CodeGroup.put(codes(address), lane, code(other), words);
    Memory.putInt(address + LINKS + ((long) lane << 2), other);
  }

  /** Overwrites a lane with another one of the same block. */
  void moveLink(int node, int fromLane, int toLane) {
    long address = address(node);
    CodeGroup.copy(codes(address), fromLane, codes(address), toLane, words);
    Memory.putInt(address + LINKS + ((long) toLane << 2), link(address, fromLane));
  }

  void setCount(int node, int count) {
    assert count >= 0 && count <= LINKS_MAX : count;
    Memory.putIntRelease(address(node) + COUNT, count);
  }

  @Override
  public void close() {
    clear();
    voidArena.close();
  }
}
