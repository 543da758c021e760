package dev.askonce.engine.internal.cache;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.internal.base.Epochs;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.agrona.collections.IntArrayList;

/**
 * Slots and nodes on their way back to use: retired, then, when no reader can see them, free. And
 * frames that nobody owns any more. Under the writer's lock but for the frames.
 */
final class Retired {
  /** A slot, or a graph's node as its complement. */
  private record Waiting(int item, long epoch) {}

  private final Epochs epochs;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final IntArrayList free = new IntArrayList();
  private final Queue<Frames> frames = new ConcurrentLinkedQueue<>();

  private record Frames(int shard, EntryId id) {}

  Retired(Epochs epochs) {
    this.epochs = epochs;
  }

  /** Notes that a slot was just unlinked from everything. */
  void retire(int slot) {
    waiting.add(new Waiting(slot, epochs.advance()));
  }

  /** Notes that a node just left its graph. */
  void retireNode(int node) {
    waiting.add(new Waiting(~node, epochs.advance()));
  }

  void addFree(int slot) {
    free.addInt(slot);
  }

  /** {@return a free slot, or -1} */
  int takeFree() {
    return free.isEmpty() ? -1 : free.popInt();
  }

  int waitingCount() {
    return waiting.size();
  }

  /**
   * {@return up to {@code max} slots, and nodes as their complement, that no reader sees any more;
   * the caller makes them free}
   */
  IntArrayList takePassed(int max) {
    IntArrayList passed = new IntArrayList();
    while (passed.size() < max && !waiting.isEmpty() && epochs.passed(waiting.peek().epoch())) {
      passed.addInt(waiting.poll().item());
    }
    return passed;
  }

  void retireFrames(int shard, EntryId id) {
    frames.add(new Frames(shard, id));
  }

  /** Hands over the frames that nobody owns. By one thread. */
  void drainFrames(BiConsumer<Integer, EntryId> removal) {
    for (Frames next = frames.poll(); next != null; next = frames.poll()) {
      removal.accept(next.shard(), next.id());
    }
  }
}
