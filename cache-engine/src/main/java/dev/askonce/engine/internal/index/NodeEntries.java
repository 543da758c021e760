package dev.askonce.engine.internal.index;

/**
 * The entries of nodes: a chain of slots each, which begins in the node's block and goes on in
 * {@link SlotNodes}. Under the writer's lock; searches walk chains meanwhile.
 */
final class NodeEntries {
  private final NodeBlocks blocks;
  private final SlotNodes slots;

  NodeEntries(NodeBlocks blocks, SlotNodes slots) {
    this.blocks = blocks;
    this.slots = slots;
  }

  /** Adds an entry to a node that takes one, behind its first. */
  void join(int slot, int node) {
    int first = blocks.entry(node);
    slots.setNext(slot, slots.next(first));
    slots.setNext(first, slot);
    blocks.addEntries(node, 1);
  }

  /**
   * Takes an entry out of its node. {@return whether the node is dead now, having lost its last}
   */
  boolean leave(int slot, int node) {
    int first = blocks.entry(node);
    if (first != slot) {
      leaveBehind(first, slot, node);
      return false;
    }
    if (slots.next(slot) == SlotNodes.NONE) {
      blocks.setEntry(node, NodeBlocks.DEAD);
      return true;
    }
    blocks.setEntry(node, slots.next(slot));
    blocks.addMove(node);
    blocks.addEntries(node, -1);
    return false;
  }

  private void leaveBehind(int first, int slot, int node) {
    int before = first;
    for (int i = 0; before >= 0 && slots.next(before) != slot; i++) {
      // The block of a damaged snapshot may begin another chain, which need not end.
      before = i < NodeBlocks.ENTRIES_MAX ? slots.next(before) : SlotNodes.NONE;
    }
    if (before >= 0) {
      slots.setNext(before, slots.next(slot));
      blocks.addEntries(node, -1);
    }
  }
}
