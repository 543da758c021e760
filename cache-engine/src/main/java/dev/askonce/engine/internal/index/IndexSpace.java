package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Encoder;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.Rotation;
import dev.askonce.engine.internal.store.EntryTable;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.random.RandomGenerator;

/** What the indexes of all scopes of a store share. Thread-safe as its parts are. */
public final class IndexSpace implements AutoCloseable {
  final EntryTable table;
  final Kernel kernel;
  final Rotation rotation;
  final int words;
  final NodeBlocks blocks;
  final SlotNodes slots = new SlotNodes();
  final NodeEntries entries;
  final SlotPositions positions = new SlotPositions();
  final GroupPool groups;
  final StopCalibration calibration;

  /** Codes of entries that join a list. Under the writer's lock. */
  final Encoder encoder;

  private volatile boolean stopsEarly = true;

  /** Graphs that are not in memory of our own yet; null if all are. */
  private volatile LoadedGraphs loaded;

  /**
   * @param seed of the rotation, the same for every opening of a store
   * @param beam nodes that a search without calibration keeps in sight
   */
  public IndexSpace(EntryTable table, Kernel kernel, long seed, int beam) {
    this.table = table;
    this.kernel = kernel;
    rotation = new Rotation(table.dimension(), seed, kernel);
    words = CodeGroup.words(table.dimension());
    blocks = new NodeBlocks(words);
    entries = new NodeEntries(blocks, slots);
    groups = new GroupPool(CodeGroup.bytes(words));
    encoder = new Encoder(rotation, kernel);
    calibration = new StopCalibration(beam);
  }

  public StopCalibration calibration() {
    return calibration;
  }

  /** {@return bytes of memory outside of the heap that graphs and lists take} */
  public long bytes() {
    return blocks.bytes() + groups.bytes();
  }

  /**
   * {@return the slot of an entry that an entry's node is linked to, any of them, or -1} Within an
   * epoch.
   */
  public int linked(int slot, RandomGenerator random) {
    int node = slots.node(slot);
    if (node < 0) {
      return -1;
    }
    long block = blocks.address(node);
    int count = NodeBlocks.count(block);
    int entry = count == 0 ? -1 : blocks.entry(NodeBlocks.link(block, random.nextInt(count)));
    return entry >= 0 && entry < table.capacity() ? entry : -1;
  }

  /** Gives back a node that left its graph and that no reader can reach any more. */
  public void releaseNode(int node) {
    blocks.release(node);
  }

  /** {@return whether searches may stop as calibrated} */
  public boolean stopsEarly() {
    return stopsEarly;
  }

  /** Lets searches stop as calibrated, or run in full. For benchmarks. */
  public void stopEarly(boolean value) {
    stopsEarly = value;
  }

  /**
   * Takes over the graphs of a snapshot, which is closed with this, or earlier; there is nothing in
   * this space so far.
   *
   * @throws OutOfMemoryError if there is no room for the tables: nothing was taken over
   */
  public LoadedGraphs load(GraphSnapshot snapshot, Epochs epochs) {
    loaded = new LoadedGraphs(snapshot, this, epochs);
    return loaded;
  }

  /** {@return whether links may be changed} Not while graphs lie in a snapshot. */
  public boolean isSettled() {
    return loaded == null;
  }

  /**
   * Moves a part of the loaded graphs into memory, once all slots were compared with them.
   *
   * @return whether something is left to do
   * @throws IOException once, if the snapshot is damaged or cannot be read, or there is no memory:
   *     its graphs are being given up
   */
  public boolean settle(Lock writerLock) throws IOException {
    LoadedGraphs left = loaded;
    if (left != null && !left.settle(writerLock)) {
      loaded = null;
    }
    return loaded != null;
  }

  @Override
  public void close() {
    if (loaded != null) {
      loaded.close();
    }
    groups.close();
    blocks.close();
  }
}
