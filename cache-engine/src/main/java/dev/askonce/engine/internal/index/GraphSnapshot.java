package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.ByteSource;
import dev.askonce.engine.internal.base.Disk;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.openhft.hashing.LongHashFunction;
import org.agrona.collections.IntArrayList;

/**
 * The graphs of a store as they were at an orderly close, in a file: a hint that saves linking all
 * entries anew. Whoever loads it compares each slot's generation with the record's, so a snapshot
 * may be older than the store.
 *
 * <pre>
 *   0     magic           8 bytes "ASKGRAPH"
 *   8     version         u32     another one is not read
 *   12    words           u32     of a code, 64 bits each
 *   16    stride          u32     from one block to the next
 *   20    nodes           u32     blocks, free ones included
 *   24    slots           u32
 *   28    graphs          u32
 *   32    uuid            128 bits of the store
 *   48    pivots          u32     of all graphs
 *   56    tables          u64     XXH3 of the tables that follow
 *   4088  checksum        u64     XXH3 of all before
 *   4096  blockChecksums  u64     XXH3 of each segment of blocks
 *   …     graphs          scope 128 bits, dead nodes u32, pivots u32, a graph
 *   …     pivots          u32 a pivot, graph after graph
 *   …     nodeGraphs      i32 a node: its graph, or -1 where it is free
 *   …     slotNodes       i32 a slot: its node, or -1
 *   …     slotNexts       i32 a slot: the next of its node, or -1
 *   …     generations     u32 a slot
 *   …     blocks          {@link NodeBlocks}, from the next multiple of 4,096
 * </pre>
 *
 * <p>The tables are read and checked at opening, the blocks by {@link LoadedGraphs}, later: until
 * then they may hold anything, and searches must stand that.
 */
public final class GraphSnapshot implements AutoCloseable {
  private static final byte[] MAGIC = "ASKGRAPH".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER = 4096;
  private static final int CHECKSUM = HEADER - Long.BYTES;
  private static final int GRAPH_BYTES = 24;
  private static final int TABLES_BYTES_MAX = Integer.MAX_VALUE - HEADER;
  private static final int FREE = -1;
  private static final LongHashFunction HASH = LongHashFunction.xx3();

  private final FileChannel channel;
  private final Arena arena;
  private final MemorySegment blocks;
  private final long blocksAt;
  private final long[] blockChecksums;

  final int nodes;
  final List<Graph> graphs;

  /** The graph of each node, or -1. */
  final int[] nodeGraphs;

  final int[] slotNodes;
  final int[] slotNexts;
  private final int[] generations;

  /** One scope's. */
  record Graph(Hash128 scope, int deadNodes, int[] pivots) {}

  private GraphSnapshot(
      FileChannel channel, Arena arena, Header header, Tables tables, MemorySegment blocks) {
    this.channel = channel;
    this.arena = arena;
    this.blocks = blocks;
    blocksAt = header.blocksAt();
    nodes = header.nodes;
    blockChecksums = tables.blockChecksums;
    graphs = List.of(tables.graphs);
    nodeGraphs = tables.nodeGraphs;
    slotNodes = tables.slotNodes;
    slotNexts = tables.slotNexts;
    generations = tables.generations;
  }

  /** All of a file but its blocks. */
  record Content(Header header, Tables tables) {}

  record Header(
      int words, int stride, int nodes, int slots, int graphs, long high, long low, int pivots) {
    static Header of(IndexSpace space, int graphs, int pivots) {
      return new Header(
          space.words,
          space.blocks.stride(),
          space.blocks.used(),
          space.table.capacity(),
          graphs,
          space.table.uuid().getMostSignificantBits(),
          space.table.uuid().getLeastSignificantBits(),
          pivots);
    }

    int segments() {
      return (nodes + NodeBlocks.SEGMENT_BLOCKS - 1) / NodeBlocks.SEGMENT_BLOCKS;
    }

    long tablesBytes() {
      return (long) segments() * Long.BYTES
          + (long) graphs * GRAPH_BYTES
          + ((long) pivots + nodes + 3L * slots) * Integer.BYTES;
    }

    long blocksAt() {
      return (HEADER + tablesBytes() + HEADER - 1) & -HEADER;
    }

    long fileBytes() {
      return blocksAt() + (long) segments() * NodeBlocks.SEGMENT_BLOCKS * stride;
    }

    ByteBuffer encode(long tablesChecksum) {
      ByteBuffer out = littleEndian(HEADER);
      out.put(0, MAGIC).putInt(8, VERSION).putInt(12, words).putInt(16, stride);
      out.putInt(20, nodes).putInt(24, slots).putInt(28, graphs);
      out.putLong(32, high).putLong(40, low).putInt(48, pivots).putLong(56, tablesChecksum);
      return out.putLong(CHECKSUM, HASH.hashBytes(out, 0, CHECKSUM));
    }

    /** {@return whether a header is as it was written, by this version} */
    static boolean verifies(ByteBuffer in) {
      byte[] magic = new byte[MAGIC.length];
      in.get(0, magic);
      return Arrays.equals(magic, MAGIC)
          && in.getInt(8) == VERSION
          && in.getLong(CHECKSUM) == HASH.hashBytes(in, 0, CHECKSUM);
    }

    static Header decode(ByteBuffer in) {
      return new Header(
          in.getInt(12),
          in.getInt(16),
          in.getInt(20),
          in.getInt(24),
          in.getInt(28),
          in.getLong(32),
          in.getLong(40),
          in.getInt(48));
    }

    boolean fits(IndexSpace space, long length) {
      return words == space.words
          && stride == space.blocks.stride()
          && high == space.table.uuid().getMostSignificantBits()
          && low == space.table.uuid().getLeastSignificantBits()
          && nodes >= 0
          && nodes <= NodeBlocks.NODES_MAX
          && slots >= 0
          && slots <= space.table.capacity()
          && graphs >= 0
          && pivots >= 0
          && tablesBytes() <= TABLES_BYTES_MAX
          && length == fileBytes();
    }
  }

  record Tables(
      long[] blockChecksums,
      Graph[] graphs,
      int[] nodeGraphs,
      int[] slotNodes,
      int[] slotNexts,
      int[] generations) {
    /** {@return the tables, or null where they have other pivots than the header counts} */
    static Tables decode(Header header, ByteBuffer in) {
      long[] checksums = new long[header.segments()];
      Arrays.setAll(checksums, i -> in.getLong());
      Hash128[] scopes = new Hash128[header.graphs];
      int[] dead = new int[header.graphs];
      int[][] pivots = new int[header.graphs][];
      int pivotsLeft = header.pivots;
      for (int i = 0; i < header.graphs; i++) {
        scopes[i] = new Hash128(in.getLong(), in.getLong());
        dead[i] = in.getInt();
        int count = in.getInt();
        if (count < 0 || count > pivotsLeft) {
          return null;
        }
        pivots[i] = new int[count];
        pivotsLeft -= count;
      }
      if (pivotsLeft > 0) {
        return null;
      }
      Graph[] graphs = new Graph[header.graphs];
      for (int i = 0; i < header.graphs; i++) {
        graphs[i] = new Graph(scopes[i], dead[i], ints(in, pivots[i]));
      }
      return new Tables(
          checksums,
          graphs,
          ints(in, new int[header.nodes]),
          ints(in, new int[header.slots]),
          ints(in, new int[header.slots]),
          ints(in, new int[header.slots]));
    }

    /**
     * {@return whether every number names something that there is, and every chain of slots ends}
     * Who uses the tables trusts them: one that another program wrote would lead anywhere.
     */
    boolean areSound() {
      int[] graphNodes = new int[graphs.length];
      for (int graph : nodeGraphs) {
        if (graph < FREE || graph >= graphs.length) {
          return false;
        }
        if (graph != FREE) {
          graphNodes[graph]++;
        }
      }
      Set<Hash128> scopes = new HashSet<>();
      for (int i = 0; i < graphs.length; i++) {
        if (!scopes.add(graphs[i].scope) || !isSound(i, graphNodes[i])) {
          return false;
        }
      }
      for (int slot = 0; slot < slotNodes.length; slot++) {
        if (slotNodes[slot] != SlotNodes.NONE && (!isUsed(slotNodes[slot]) || !ends(slot))) {
          return false;
        }
      }
      return true;
    }

    private boolean isSound(int graph, int graphNodes) {
      for (int pivot : graphs[graph].pivots) {
        if (pivot < 0 || pivot >= nodeGraphs.length || nodeGraphs[pivot] != graph) {
          return false;
        }
      }
      int dead = graphs[graph].deadNodes;
      return dead >= 0
          && dead <= graphNodes
          && (graphNodes == 0) == (graphs[graph].pivots.length == 0);
    }

    private boolean isUsed(int node) {
      return node >= 0 && node < nodeGraphs.length && nodeGraphs[node] != FREE;
    }

    private boolean ends(int first) {
      int slot = first;
      for (int i = 0; i < NodeBlocks.ENTRIES_MAX && slot != SlotNodes.NONE; i++) {
        if (slot < 0 || slot >= slotNexts.length) {
          return false;
        }
        slot = slotNexts[slot];
      }
      return slot == SlotNodes.NONE;
    }

    private static int[] ints(ByteBuffer in, int[] target) {
      in.asIntBuffer().get(target);
      in.position(in.position() + target.length * Integer.BYTES);
      return target;
    }
  }

  /**
   * Writes all graphs of a store while nobody changes them.
   *
   * @throws IOException if there is no room; what was written is to be deleted
   */
  public static void write(Path file, IndexSpace space, List<ScopeIndex> indexes)
      throws IOException {
    List<HnswGraph> graphs = indexes.stream().map(ScopeIndex::graph).toList();
    int pivots = graphs.stream().mapToInt(graph -> graph.pivots.count()).sum();
    Header header = Header.of(space, graphs.size(), pivots);
    if (header.tablesBytes() > TABLES_BYTES_MAX) {
      throw new IOException("too many entries for a snapshot of their graph");
    }
    ByteBuffer tables = littleEndian((int) header.tablesBytes());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < header.segments(); i++) {
        long address = space.blocks.segmentAddress(i);
        long bytes = space.blocks.segmentBytes();
        tables.putLong(HASH.hashMemory(address, bytes));
        MemorySegment segment = Memory.ALL.asSlice(address, bytes);
        writeFully(channel, segment.asByteBuffer(), header.blocksAt() + i * bytes);
      }
      for (ScopeIndex index : indexes) {
        tables.putLong(index.scope().high()).putLong(index.scope().low());
        tables.putInt(index.deadNodes()).putInt(index.graph().pivots.count());
      }
      graphs.forEach(graph -> graph.pivots.forEach(tables::putInt));
      putNodeGraphs(tables, header, graphs);
      putSlots(tables, header, space);
      tables.flip();
      ByteBuffer head = header.encode(HASH.hashBytes(tables));
      writeFully(channel, tables, HEADER);
      writeFully(channel, head, 0);
      channel.force(true);
    }
    Disk.forced(file);
  }

  private static void putNodeGraphs(ByteBuffer tables, Header header, List<HnswGraph> graphs) {
    int[] nodeGraphs = new int[header.nodes];
    Arrays.fill(nodeGraphs, FREE);
    for (int i = 0; i < graphs.size(); i++) {
      IntArrayList nodes = graphs.get(i).nodes;
      for (int j = 0; j < nodes.size(); j++) {
        nodeGraphs[nodes.getInt(j)] = i;
      }
    }
    for (int graph : nodeGraphs) {
      tables.putInt(graph);
    }
  }

  private static void putSlots(ByteBuffer tables, Header header, IndexSpace space) {
    for (int slot = 0; slot < header.slots; slot++) {
      // One whose linking was given up has no node.
      tables.putInt(Math.max(space.slots.node(slot), SlotNodes.NONE));
    }
    for (int slot = 0; slot < header.slots; slot++) {
      tables.putInt(space.slots.next(slot));
    }
    for (int slot = 0; slot < header.slots; slot++) {
      tables.putInt(SlotRecord.generation(space.table.commitAcquire(slot)));
    }
  }

  /**
   * Opens a snapshot of a store's graphs.
   *
   * @return null if it is of something else, of another version, or its tables do not verify
   */
  public static GraphSnapshot open(Path file, IndexSpace space) throws IOException {
    // Writable, since a private mapping of Java's asks for it; nothing is written.
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Arena arena = Arena.ofShared();
    GraphSnapshot opened = null;
    try {
      opened = open(channel, arena, space);
      return opened;
    } finally {
      if (opened == null) {
        arena.close();
        channel.close();
      }
    }
  }

  private static GraphSnapshot open(FileChannel channel, Arena arena, IndexSpace space)
      throws IOException {
    Content content = read(channel.size(), channel::read, space);
    if (content == null) {
      return null;
    }
    Header header = content.header;
    long blocksBytes = header.fileBytes() - header.blocksAt();
    return new GraphSnapshot(
        channel,
        arena,
        header,
        content.tables,
        // Private: what searches and removals need changed is never written to the file.
        channel.map(FileChannel.MapMode.PRIVATE, header.blocksAt(), blocksBytes, arena));
  }

  /**
   * Reads header and tables of a file of so many bytes.
   *
   * @return null if they are of something else, of another version, or do not verify
   */
  static Content read(long length, ByteSource file, IndexSpace space) throws IOException {
    ByteBuffer head = littleEndian(HEADER);
    if (!readFully(file, head, 0) || !Header.verifies(head)) {
      return null;
    }
    Header header = Header.decode(head);
    if (!header.fits(space, length)) {
      return null;
    }
    ByteBuffer bytes = littleEndian((int) header.tablesBytes());
    if (!readFully(file, bytes, HEADER) || HASH.hashBytes(bytes) != head.getLong(56)) {
      return null;
    }
    Tables tables = Tables.decode(header, bytes);
    return tables != null && tables.areSound() ? new Content(header, tables) : null;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean readFully(ByteSource file, ByteBuffer target, long from)
      throws IOException {
    long at = from;
    while (target.hasRemaining()) {
      int read = file.read(target, at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    target.flip();
    return true;
  }

  private static void writeFully(FileChannel channel, ByteBuffer source, long from)
      throws IOException {
    long at = from;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  long blocksAddress() {
    return blocks.address();
  }

  /** {@return whether the entry of a slot is the one that the snapshot knows} */
  boolean knows(int slot, int generation) {
    return slot < generations.length && generations[slot] == generation;
  }

  /** {@return whether a segment of blocks is in the file as it was written} */
  boolean verifies(int segment, ByteBuffer buffer) throws IOException {
    buffer.clear();
    return readFully(channel::read, buffer, blocksAt + (long) segment * buffer.capacity())
        && HASH.hashBytes(buffer) == blockChecksums[segment];
  }

  /** Unmaps the blocks: no reader may be left. */
  @Override
  public void close() {
    arena.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
