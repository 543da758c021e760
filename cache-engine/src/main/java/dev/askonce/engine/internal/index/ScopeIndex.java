package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import org.agrona.collections.IntArrayList;

/**
 * The index of one scope. Every entry starts in the flat list and is found at once; when the list
 * outgrows {@link #PROMOTE_AT} the linking thread moves entries into a graph, the newest first, and
 * the list keeps what is not linked yet. No vector moves.
 *
 * <p>Threading: {@link #search} by any thread; {@link #add}, {@link #remove} and {@link #size}
 * under the writer's lock; {@link #maintain} by the one linking thread without that lock, which it
 * takes for moments.
 */
public final class ScopeIndex {
  /*
   *            add                  maintain: begin        maintain: end
   *   (none) ──────▶ in the list ─────────────────▶ both ────────────────▶ in the graph
   *                     │ remove                      │ remove                 │ remove
   *                     ▼                             ▼                        ▼
   *                  released                      dead in the graph ──▶ swept out, released
   */

  /** A scope of fewer entries is scanned. */
  public static final int PROMOTE_AT = 2048;

  /** Dead nodes are swept out when there are this many, and one node in {@link #SWEEP_SHARE}. */
  private static final int SWEEP_MIN = 64;

  private static final int SWEEP_SHARE = 10;

  /** Entries linked, or nodes swept, before {@link #maintain} returns. */
  private static final int LINKS_PER_CALL = 64;

  private static final int SWEEPS_PER_CALL = 2048;

  private static final int NONE = -1;

  private final Hash128 scope;
  private final EntryTable table;
  private final GraphBlocks blocks;
  private final Kernel kernel;
  private final FlatIndex flat;

  private volatile HnswGraph graph;
  private HnswLinker linker;

  /** The slot that is in both, or {@link #NONE}. Under the writer's lock, as the counts. */
  private int linking = NONE;

  private int linkedLive;
  private int linkedDead;

  public ScopeIndex(
      Hash128 scope, EntryTable table, GraphBlocks blocks, Kernel kernel, SlotPositions positions) {
    this.scope = scope;
    this.table = table;
    this.blocks = blocks;
    this.kernel = kernel;
    flat = new FlatIndex(table, kernel, positions);
  }

  public Hash128 scope() {
    return scope;
  }

  /** {@return the number of living entries} */
  public int size() {
    return flat.size() + linkedLive;
  }

  /** {@return the number of living entries that are scanned} Under the writer's lock. */
  public int unlinked() {
    return flat.size();
  }

  /** {@return whether nothing is left, dead nodes included} */
  public boolean isEmpty() {
    return size() + linkedDead == 0 && linking == NONE;
  }

  /**
   * Searches list and graph for what is servable and reaches the floor set in the scratch's
   * candidates; the query is in the scratch.
   */
  public void search(long nowMillis, SearchScratch scratch) {
    // The list first: an entry moves from it into the graph, and must be met on one side at least.
    HnswGraph linked = graph;
    flat.search(scope, nowMillis, scratch);
    if (linked != null || (linked = graph) != null) {
      linked.search(scope, nowMillis, scratch);
    }
  }

  /** Adds an entry whose record is live. */
  public void add(int slot) {
    flat.add(slot);
  }

  /**
   * Removes an entry whose record is erased.
   *
   * @return whether the slot is in neither list nor graph now and may be released after the
   *     readers' epoch; otherwise {@link #maintain} will hand it over
   */
  public boolean remove(int slot) {
    boolean wasListed = flat.remove(slot);
    if (slot == linking) {
      linkedDead++;
      return false;
    }
    if (!wasListed) {
      linkedLive--;
      linkedDead++;
    }
    return wasListed;
  }

  /** {@return whether {@link #maintain} has something to do} Under the writer's lock. */
  public boolean wantsMaintenance() {
    return flat.size() > PROMOTE_AT
        || (graph != null && flat.size() > 0)
        || sweepIsDue()
        || (linker != null && linker.isSweeping());
  }

  private boolean sweepIsDue() {
    return linkedDead > Math.max(SWEEP_MIN, linkedLive / SWEEP_SHARE)
        || (linkedDead > 0 && linkedLive == 0);
  }

  /**
   * Does a bounded part of the work that is due: links entries, sweeps dead nodes.
   *
   * @param released receives slots that left the graph, to be released after the readers' epoch
   * @throws IOException if the disk is full; the entries stay in the list
   */
  public void maintain(Lock writerLock, SearchScratch scratch, IntArrayList released)
      throws IOException {
    if (graph == null) {
      HnswGraph empty = new HnswGraph(table, blocks, kernel);
      linker = new HnswLinker(empty, scratch);
      graph = empty;
    }
    for (int i = 0; i < LINKS_PER_CALL && linkOne(writerLock, released); i++) {}
    sweep(writerLock, released);
  }

  /** {@return whether an entry was linked and another one may be} */
  private boolean linkOne(Lock writerLock, IntArrayList released) throws IOException {
    int slot;
    writerLock.lock();
    try {
      if (flat.size() == 0) {
        return false;
      }
      slot = flat.last();
      linking = slot;
      blocks.reserveSlots(table.capacity());
    } finally {
      writerLock.unlock();
    }
    boolean inserted = false;
    try {
      inserted = linker.insert(slot);
    } finally {
      endLinking(writerLock, slot, inserted, released);
    }
    if (!inserted && !linker.isSweeping()) {
      linker.startSweep();
    }
    return inserted;
  }

  private void endLinking(Lock writerLock, int slot, boolean inserted, IntArrayList released) {
    writerLock.lock();
    try {
      linking = NONE;
      if (inserted) {
        if (flat.remove(slot)) {
          linkedLive++;
        }
      } else if (!flat.contains(slot)) {
        // Removed meanwhile, and now in neither list nor graph.
        linkedDead--;
        released.addInt(slot);
      }
    } finally {
      writerLock.unlock();
    }
  }

  private void sweep(Lock writerLock, IntArrayList released) {
    if (!linker.isSweeping()) {
      writerLock.lock();
      try {
        if (!sweepIsDue()) {
          return;
        }
      } finally {
        writerLock.unlock();
      }
      linker.startSweep();
    }
    IntArrayList gone = linker.sweep(SWEEPS_PER_CALL);
    if (gone != null) {
      writerLock.lock();
      try {
        linkedDead -= gone.size();
      } finally {
        writerLock.unlock();
      }
      gone.forEachInt(released::addInt);
    }
  }

  /**
   * Checks the structure; for tests, with no other thread at work.
   *
   * @throws IllegalStateException saying what is wrong
   */
  public void check() {
    for (int i = 0; i < flat.size(); i++) {
      int slot = flat.slotAt(i);
      require(flat.contains(slot), "listed slot " + slot + " has another position");
      require(graph == null || !graph.contains(slot), "slot " + slot + " is in list and graph");
    }
    if (graph != null) {
      GraphCheck.check(graph, linkedLive, linkedDead);
    }
  }

  /** {@return how many linked entries no walk along the links reaches} For tests. */
  int unreachable() {
    return graph == null ? 0 : GraphCheck.unreachable(graph);
  }

  static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalStateException(problem);
    }
  }
}
