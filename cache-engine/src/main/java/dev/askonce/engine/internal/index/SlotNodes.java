package dev.askonce.engine.internal.index;

import java.util.Arrays;

/**
 * Which node of a graph each slot belongs to, and the slots of one node as a chain: near duplicates
 * share a node, and the first of the chain stands in the node's block.
 *
 * <p>Threading: changed under the writer's lock, read by any thread. A chain may be cut while a
 * reader walks it: a slot keeps its {@code next} until it is used again, after the readers' epoch.
 */
final class SlotNodes {
  static final int NONE = -1;

  /** Node of a slot that is being linked. */
  static final int LINKING = -2;

  private volatile int[] nodes = new int[0];
  private volatile int[] nexts = new int[0];

  /** Takes over what a snapshot knows; these are empty. */
  void load(int[] loadedNodes, int[] loadedNexts, int capacity) {
    nexts = loadedNexts;
    nodes = loadedNodes;
    reserve(capacity);
  }

  /** Makes room for slots below {@code capacity}. */
  void reserve(int capacity) {
    if (capacity > nodes.length) {
      nexts = longer(nexts, capacity);
      nodes = longer(nodes, capacity);
    }
  }

  private static int[] longer(int[] values, int capacity) {
    int[] longer = Arrays.copyOf(values, Math.max(capacity, values.length + (values.length >> 1)));
    Arrays.fill(longer, values.length, longer.length, NONE);
    return longer;
  }

  /** {@return the node of a slot, or {@link #NONE} if it is in no graph} */
  int node(int slot) {
    int[] current = nodes;
    return slot < current.length ? current[slot] : NONE;
  }

  void setNode(int slot, int node) {
    nodes[slot] = node;
  }

  /** {@return the slot behind this one in its node's chain, or {@link #NONE}} */
  int next(int slot) {
    int[] current = nexts;
    return slot < current.length ? current[slot] : NONE;
  }

  void setNext(int slot, int next) {
    nexts[slot] = next;
  }
}
