package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.CodeGroup;
import dev.askonce.engine.internal.kernel.Encoder;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.Rotation;
import dev.askonce.engine.internal.store.EntryTable;

/** What the indexes of all scopes of a store share. Thread-safe as its parts are. */
public final class IndexSpace implements AutoCloseable {
  final EntryTable table;
  final Kernel kernel;
  final Rotation rotation;
  final int words;
  final NodeBlocks blocks;
  final SlotNodes slots = new SlotNodes();
  final SlotPositions positions = new SlotPositions();
  final GroupPool groups;
  final StopCalibration calibration;

  /** Codes of entries that join a list. Under the writer's lock. */
  final Encoder encoder;

  private volatile boolean stopsEarly = true;

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

  @Override
  public void close() {
    groups.close();
    blocks.close();
  }
}
