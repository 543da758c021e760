package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.LongHeap;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import java.util.Arrays;

/**
 * Chooses a node's neighbours from candidates so that they lie in different directions (the paper's
 * algorithm 4): nearest first, a candidate is left out where a chosen one is nearer to it than the
 * node is. Of the linking thread.
 */
final class LinkSelection {
  /** Two entries of this cosine are the same to a search: each leads wherever the other does. */
  static final float DUPLICATE = 0.9995f;

  private final EntryTable table;
  private final Kernel kernel;
  private final float[] candidate;
  private final int[] chosen = new int[GraphBlocks.LINKS_BASE];

  LinkSelection(EntryTable table, Kernel kernel) {
    this.table = table;
    this.kernel = kernel;
    candidate = new float[table.dimension()];
  }

  /** {@return the slots chosen by the last {@link #choose}} */
  int[] chosen() {
    return chosen;
  }

  /**
   * Chooses at most {@code max} slots, half of them at most duplicates of the node: in the
   * direction of a duplicate lies nothing, so it stands in nobody's way.
   *
   * @param packed cosines to the node and slots, as {@code LongHeap} packs them; sorted here
   * @return how many are in {@link #chosen()}
   */
  int choose(long[] packed, int count, int max) {
    Arrays.sort(packed, 0, count);
    int taken = 0;
    int duplicates = 0;
    for (int i = count - 1; i >= 0 && taken < max; i--) {
      int slot = LongHeap.slot(packed[i]);
      float toNode = LongHeap.score(packed[i]);
      if (toNode >= DUPLICATE) {
        if (duplicates < max / 2) {
          chosen[taken++] = slot;
          duplicates++;
        }
      } else if (isDiverse(slot, toNode, duplicates, taken)) {
        chosen[taken++] = slot;
      }
    }
    return taken;
  }

  private boolean isDiverse(int slot, float toNode, int from, int taken) {
    Memory.copyOut(table.vectorAddress(slot), candidate);
    for (int i = from; i < taken; i++) {
      if (kernel.dot(candidate, table.vectorAddress(chosen[i])) > toNode) {
        return false;
      }
    }
    return true;
  }
}
