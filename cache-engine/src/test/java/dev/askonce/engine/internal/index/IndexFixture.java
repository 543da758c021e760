package dev.askonce.engine.internal.index;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.kernel.ScalarKernel;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.collections.IntArrayList;

/** One scope's index over a table of its own, used as the write path and maintenance use it. */
final class IndexFixture implements AutoCloseable {
  static final Hash128 SCOPE = new Hash128(1, 2);
  static final long NOW = 1_000;

  /** Threads beside the one that maintains: readers' places from 1 on. */
  static final int OTHERS_MAX = 8;

  final EntryTable table;
  final Epochs epochs = new Epochs(1 + OTHERS_MAX);
  final IndexSpace space;
  final ScopeIndex index;
  final ReentrantLock lock = new ReentrantLock();

  /** Every live slot with its vector: what a search must find. */
  final Map<Integer, float[]> oracle = new TreeMap<>();

  private final Kernel plain = new ScalarKernel();
  private final SlotRecord writer;
  private final SearchScratch linkScratch;
  private final SearchScratch scratch;
  private final IntArrayList free = new IntArrayList();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long sequence;

  /** A slot, or a node as its complement, that may be used again after an epoch. */
  private record Waiting(int item, long epoch) {}

  IndexFixture(Path directory, int dimension) throws IOException {
    this(directory, dimension, Kernels.chosen());
  }

  IndexFixture(Path directory, int dimension, Kernel kernel) throws IOException {
    table = new EntryTable(directory, new UUID(5, 6), dimension, 1024);
    space = new IndexSpace(table, kernel, 7, 64);
    index = new ScopeIndex(SCOPE, space, epochs);
    writer = new SlotRecord(table);
    linkScratch = new SearchScratch(space);
    scratch = new SearchScratch(space);
  }

  int put(float[] vector) throws IOException {
    return put(vector, NOW + 1);
  }

  int put(float[] vector, long expiresMillis) throws IOException {
    lock.lock();
    try {
      freePassed();
      if (free.isEmpty()) {
        table.grow();
        for (int slot = table.capacity() - 1; slot >= table.capacity() - 1024; slot--) {
          free.addInt(slot);
        }
      }
      int slot = free.popInt();
      EntryId id = new EntryId(1, ++sequence);
      writer.set(id, SCOPE, new Hash128(0, 0), 0, 0, 0, expiresMillis, 0, 0).publish(slot, vector);
      index.add(slot);
      oracle.put(slot, vector);
      return slot;
    } finally {
      lock.unlock();
    }
  }

  void remove(int slot) {
    lock.lock();
    try {
      oracle.remove(slot);
      writer.erase(slot);
      index.remove(slot);
      waiting.add(new Waiting(slot, epochs.advance()));
      freePassed();
    } finally {
      lock.unlock();
    }
  }

  private void freePassed() {
    while (!waiting.isEmpty() && epochs.passed(waiting.peek().epoch())) {
      int item = waiting.poll().item();
      if (item < 0) {
        space.releaseNode(~item);
      } else {
        table.eraseVector(item);
        free.addInt(item);
      }
    }
  }

  /** One round of maintenance. {@return whether there is more} */
  boolean maintainOnce() throws IOException {
    lock.lock();
    try {
      if (!index.wantsMaintenance()) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    IntArrayList released = new IntArrayList();
    epochs.enter(0);
    try {
      index.maintain(true, lock, linkScratch, released);
    } finally {
      epochs.exit(0);
      release(released);
    }
    return true;
  }

  private void release(IntArrayList nodes) {
    lock.lock();
    try {
      nodes.forEachInt(node -> waiting.add(new Waiting(~node, epochs.advance())));
      freePassed();
    } finally {
      lock.unlock();
    }
  }

  /** Links one entry as the thread with a place among the readers. {@return whether it did} */
  boolean linkOne(int place, SearchScratch own) throws IOException {
    epochs.enter(place);
    try {
      return index.linkOne(lock, own);
    } finally {
      epochs.exit(place);
    }
  }

  /** {@return whether a search as the thread with a place among the readers finds a slot} */
  boolean finds(int slot, float[] query, int place, SearchScratch own) {
    epochs.enter(place);
    try {
      return search(query, 0.999f, 8, own).contains(slot);
    } finally {
      epochs.exit(place);
    }
  }

  void settle() throws IOException {
    while (maintainOnce()) {}
  }

  /** {@return slots that reach the floor, best first} */
  List<Integer> search(float[] query, float floor, int count) {
    return search(query, floor, count, scratch);
  }

  /** {@return whether a search for any entry that reaches the threshold finds one} */
  boolean findsAny(float[] query, float threshold) {
    System.arraycopy(query, 0, scratch.query(), 0, query.length);
    scratch.top().reset(1, threshold, threshold);
    index.search(NOW, scratch);
    return scratch.top().count() > 0;
  }

  List<Integer> search(float[] query, float floor, int count, SearchScratch own) {
    System.arraycopy(query, 0, own.query(), 0, query.length);
    own.top().reset(count, floor);
    index.search(NOW, own);
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < own.top().count(); i++) {
      slots.add(own.top().slot(i));
    }
    return slots;
  }

  float cosine(float[] query, int slot) {
    return plain.dot(query, table.vectorAddress(slot));
  }

  /** {@return the best cosine of all live entries, by looking at each} */
  float best(float[] query) {
    float best = -1;
    for (int slot : oracle.keySet()) {
      best = Math.max(best, cosine(query, slot));
    }
    return best;
  }

  @Override
  public void close() {
    space.close();
    table.close();
  }
}
