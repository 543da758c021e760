package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.DamagedFileException;
import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.store.SlotRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.agrona.collections.IntArrayList;

/**
 * The graphs of a {@link GraphSnapshot} in use: searched where they lie from the first moment on,
 * then compared with the records slot by slot, then moved into memory. Until then nothing is linked
 * and nothing swept.
 *
 * <p>Threading: {@link #attach} and {@link #detach} under the writer's lock, {@link #settle} by
 * whoever runs maintenance, without it. Searches go on throughout.
 */
public final class LoadedGraphs implements AutoCloseable {
  /** Entries moved into lists before the lock is given up for others. */
  private static final int SLOTS_PER_LOCK = 1024;

  private final GraphSnapshot snapshot;
  private final IndexSpace space;
  private final Epochs epochs;
  private final List<ScopeIndex> indexes = new ArrayList<>();

  /** Segments that were moved, or slots whose entries were, where one could not be. */
  private int done;

  private boolean isGivenUp;
  private ByteBuffer buffer;

  /** When the last of the snapshot was unlinked; 0: something is left. */
  private long leftEpoch;

  LoadedGraphs(GraphSnapshot snapshot, IndexSpace space, Epochs epochs) {
    this.snapshot = snapshot;
    this.space = space;
    this.epochs = epochs;
    IntArrayList free = new IntArrayList();
    List<IntArrayList> nodes = new ArrayList<>();
    snapshot.graphs.forEach(graph -> nodes.add(new IntArrayList()));
    for (int node = 0; node < snapshot.nodes; node++) {
      int graph = snapshot.nodeGraphs[node];
      (graph < 0 ? free : nodes.get(graph)).addInt(node);
    }
    // From here on nothing is taken back.
    space.blocks.load(snapshot.blocksAddress(), snapshot.nodes, free);
    space.slots.load(snapshot.slotNodes, snapshot.slotNexts, space.table.capacity());
    for (int i = 0; i < nodes.size(); i++) {
      indexes.add(new ScopeIndex(snapshot.graphs.get(i), nodes.get(i), space, epochs));
    }
  }

  /** {@return the index of each scope that has a graph} */
  public List<ScopeIndex> indexes() {
    return indexes;
  }

  /**
   * Compares a live record that verifies, copied from its slot, with what the snapshot knows of the
   * slot.
   *
   * @return whether its entry is in the graph of its scope, and stays there
   */
  public boolean attach(SlotRecord record, int slot) {
    int node = space.slots.node(slot);
    if (node == SlotNodes.NONE) {
      return false;
    }
    ScopeIndex index = indexes.get(snapshot.nodeGraphs[node]);
    if (record.hasVector()
        && record.isIn(index.scope())
        && snapshot.knows(slot, SlotRecord.generation(record.commit()))) {
      index.attach();
      return true;
    }
    detach(slot);
    return false;
  }

  /** {@return whether searches may meet an entry of a slot} */
  public boolean has(int slot) {
    return space.slots.node(slot) != SlotNodes.NONE;
  }

  /** Takes an entry out of its graph that is not what the snapshot knew, or that is gone. */
  public void detach(int slot) {
    int node = space.slots.node(slot);
    if (node != SlotNodes.NONE) {
      indexes.get(snapshot.nodeGraphs[node]).detach(slot, node);
    }
  }

  /**
   * Moves one segment, or, after one that could not be, gives some entries of the graphs up; once
   * all slots were compared.
   *
   * @return whether something is left to do
   * @throws IOException once, if the snapshot is damaged or cannot be read, or there is no memory:
   *     its graphs are given up from now on
   */
  boolean settle(Lock writerLock) throws IOException {
    if (leftEpoch != 0) {
      return !leave();
    }
    if (isGivenUp) {
      giveUpSome(writerLock);
    } else if (done < space.blocks.segmentCount()) {
      moveOrGiveUp(writerLock);
    } else {
      leftEpoch = epochs.advance();
    }
    return true;
  }

  private void moveOrGiveUp(Lock writerLock) throws IOException {
    boolean moved = false;
    try {
      move(writerLock);
      moved = true;
    } catch (OutOfMemoryError e) {
      throw new IOException("no memory for the snapshot's blocks", e);
    } finally {
      if (!moved) {
        isGivenUp = true;
        done = 0;
      }
    }
  }

  private void move(Lock writerLock) throws IOException {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect((int) space.blocks.segmentBytes());
    }
    if (!snapshot.verifies(done, buffer)) {
      throw new DamagedFileException("blocks " + done + " of the snapshot do not verify");
    }
    writerLock.lock();
    try {
      space.blocks.settle(done);
      done++;
    } finally {
      writerLock.unlock();
    }
  }

  private void giveUpSome(Lock writerLock) {
    int slots = snapshot.slotNodes.length;
    writerLock.lock();
    try {
      for (int end = Math.min(slots, done + SLOTS_PER_LOCK); done < end; done++) {
        int node = space.slots.node(done);
        if (node != SlotNodes.NONE) {
          indexes.get(snapshot.nodeGraphs[node]).giveUp(done);
        }
      }
      if (done == slots) {
        indexes.forEach(ScopeIndex::dropGraph);
        leftEpoch = epochs.advance();
      }
    } finally {
      writerLock.unlock();
    }
  }

  /** {@return whether no reader is left where the snapshot lies, so that it was closed} */
  private boolean leave() {
    if (!epochs.passed(leftEpoch)) {
      Thread.yield();
      return false;
    }
    if (isGivenUp) {
      space.blocks.clear();
    }
    close();
    return true;
  }

  @Override
  public void close() {
    buffer = null;
    snapshot.close();
  }
}
