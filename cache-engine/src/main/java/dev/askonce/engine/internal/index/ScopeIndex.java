package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.Epochs;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import org.agrona.collections.IntArrayList;

/**
 * The index of one scope. Every entry starts in the flat list and is found at once; when the list
 * outgrows {@link #PROMOTE_AT}, entries move into a graph, the newest first, and the list keeps
 * what is not linked yet. A scope that shrinks to {@link #DEMOTE_AT} moves back. No vector moves.
 *
 * <p>Threading: {@link #search} by any thread; {@link #add}, {@link #remove} and the counts under
 * the writer's lock; {@link #linkOne} by any thread and {@link #maintain} by one, without that
 * lock, which they take for moments, and inside a readers' epoch.
 */
public final class ScopeIndex {
  /*
   *            add                linkOne: begins        ends
   *   (none) ──────▶ in the list ───────────────▶ both ────────▶ in the graph
   *                     │ remove                    │ remove        │ remove
   *                     ▼                           ▼               ▼
   *                   gone                        gone            gone; its node, if nobody shares
   *                                                               it, dead until swept out
   *
   * A slot that was removed may be used again after the readers' epoch, whatever becomes of its
   * node: a dead node has a code and links, and needs no vector.
   */

  /** A scope of fewer entries is scanned. */
  public static final int PROMOTE_AT = 2048;

  /** A scope whose graph has shrunk to fewer entries is scanned again. */
  static final int DEMOTE_AT = 512;

  /**
   * With so many entries waiting to be linked, whoever puts another one links two as well: each
   * lookup scans those that wait, 2 µs for these.
   */
  private static final int BEHIND_AT = 512;

  /** Dead nodes are swept out when there are this many, and one node in {@link #SWEEP_SHARE}. */
  private static final int SWEEP_MIN = 64;

  private static final int SWEEP_SHARE = 10;

  /** Entries linked, or moved back, or nodes swept, before {@link #maintain} returns. */
  private static final int LINKS_PER_CALL = 64;

  private static final int SWEEPS_PER_CALL = 512;

  /** An entry that so many looks miss moved back into the list during each, and out in between. */
  private static final int LOOKS_MAX = 3;

  private final Hash128 scope;
  private final IndexSpace space;
  private final Epochs epochs;
  private final FlatIndex flat;

  private volatile HnswGraph graph;

  /** Goes up when entries moved from the graph to the list. */
  private volatile int demotions;

  private HnswLinker linker;
  private Sweep sweep;
  private long sweepEpoch;

  /** Under the writer's lock, as the next three. */
  private int linking;

  private int linkedLive;
  private int deadNodes;
  private boolean sweepWanted;

  /** Nodes from here on were looked at by {@link #demote}; 0: it begins at the end. */
  private int demoteAt;

  public ScopeIndex(Hash128 scope, IndexSpace space, Epochs epochs) {
    this.scope = scope;
    this.space = space;
    this.epochs = epochs;
    flat = new FlatIndex(space);
  }

  /** The index of a scope whose graph is in a snapshot; its entries are attached one by one. */
  ScopeIndex(GraphSnapshot.Graph loaded, IntArrayList nodes, IndexSpace space, Epochs epochs) {
    this(loaded.scope(), space, epochs);
    HnswGraph made = newGraph();
    made.load(nodes, loaded.pivots());
    deadNodes = loaded.deadNodes();
    graph = made;
  }

  private HnswGraph newGraph() {
    HnswGraph made = new HnswGraph(space);
    linker = new HnswLinker(made);
    sweep = new Sweep(made, linker);
    return made;
  }

  public Hash128 scope() {
    return scope;
  }

  /** {@return the number of living entries} */
  public int size() {
    return flat.size() + linkedLive;
  }

  /** {@return the number of living entries that are scanned} */
  public int unlinked() {
    return flat.size();
  }

  /** {@return whether nothing is left, dead nodes and work under way included} */
  public boolean isEmpty() {
    return size() + deadNodes + linking == 0;
  }

  /** Gives back what is held beside the heap; the index is empty and not used again. */
  public void release() {
    flat.release();
    if (graph != null) {
      graph.pivots.release();
    }
  }

  /**
   * Searches list and graph for what is servable and reaches the floor set in the scratch's
   * candidates; the query is in the scratch.
   */
  public void search(long nowMillis, SearchScratch scratch) {
    scratch.begin();
    int before;
    int looks = 0;
    do {
      before = demotions;
      // The list first: an entry moves from it into the graph, and must be met on one side.
      HnswGraph linked = graph;
      flat.search(scope, nowMillis, scratch);
      if (!scratch.top().isDone() && (linked != null || (linked = graph) != null)) {
        linked.search(scope, nowMillis, scratch);
      }
      // What moved back meanwhile is in the list now, or in the graph once more.
    } while (demotions != before && !scratch.top().isDone() && ++looks < LOOKS_MAX);
  }

  /**
   * Within an epoch: searches the graph in full, as a lookup of what is in the scratch would, and
   * tells {@link StopCalibration}.
   *
   * @return whether there is a graph
   */
  public boolean rehearse(long nowMillis, SearchScratch scratch) {
    HnswGraph linked = graph;
    if (linked == null) {
      return false;
    }
    scratch.begin();
    linked.rehearse(scope, nowMillis, scratch);
    return true;
  }

  /** Adds an entry whose record is live. */
  public void add(int slot) {
    space.slots.reserve(space.table.capacity());
    flat.add(slot);
  }

  /** Removes an entry whose record is erased; its slot may be released after the readers' epoch. */
  public void remove(int slot) {
    if (flat.remove(slot)) {
      // If it is being linked, that ends in finding it gone.
      space.slots.setNode(slot, SlotNodes.NONE);
      return;
    }
    int node = space.slots.node(slot);
    if (node == SlotNodes.NONE) {
      // Of a damaged record nobody knows whether it had a vector.
      return;
    }
    leave(slot, node);
    space.slots.setNode(slot, SlotNodes.NONE);
    linkedLive--;
  }

  private void leave(int slot, int node) {
    deadNodes += space.entries.leave(slot, node) ? 1 : 0;
  }

  /** {@return the graph, or null}; while nobody changes it. */
  HnswGraph graph() {
    return graph;
  }

  /** {@return whether there is a graph} Under the writer's lock. */
  public boolean hasGraph() {
    return graph != null;
  }

  int deadNodes() {
    return deadNodes;
  }

  /** An entry of the loaded graph is alive. Under the writer's lock, as the next three. */
  void attach() {
    linkedLive++;
  }

  /** An entry of the loaded graph is not alive. */
  void detach(int slot, int node) {
    leave(slot, node);
    space.slots.setNode(slot, SlotNodes.NONE);
  }

  /** Moves an entry of a damaged graph into the list. */
  void giveUp(int slot) {
    space.slots.setNode(slot, SlotNodes.NONE);
    linkedLive--;
    flat.add(slot);
    demotions++;
  }

  /** Drops a damaged graph, whose entries were all given up. */
  void dropGraph() {
    graph.pivots.release();
    graph = null;
    linker = null;
    sweep = null;
    deadNodes = 0;
    demotions++;
  }

  /** {@return whether {@link #maintain} has something to do} */
  public boolean wantsMaintenance() {
    return space.isSettled()
        && (wantsLinks()
            || wantsSweep()
            || (sweep != null && sweep.isStarted())
            || wantsDemotion());
  }

  private boolean wantsLinks() {
    return space.isSettled()
        && flat.size() - linking > (graph == null ? PROMOTE_AT : 0)
        && !wantsDemotion();
  }

  private boolean wantsSweep() {
    return sweepWanted && deadNodes > 0
        || deadNodes > Math.max(SWEEP_MIN, linkedLive / SWEEP_SHARE)
        || (deadNodes > 0 && linkedLive == 0);
  }

  private boolean wantsDemotion() {
    return graph != null && size() < DEMOTE_AT && linkedLive > 0;
  }

  /** {@return whether whoever puts an entry should link one as well} */
  public boolean isBehind() {
    return flat.size() - linking > BEHIND_AT && wantsLinks();
  }

  /**
   * Links one entry of the list, if one waits.
   *
   * @return whether one was linked and another one may be
   * @throws IOException if there is no room for its node; the entry stays in the list
   */
  public boolean linkOne(Lock writerLock, SearchScratch scratch) throws IOException {
    int slot;
    writerLock.lock();
    try {
      slot = takeWaiting();
      if (slot < 0) {
        return false;
      }
    } finally {
      writerLock.unlock();
    }
    int node = SlotNodes.NONE;
    int joined = SlotNodes.NONE;
    try {
      if (!linker.findNeighbours(slot, scratch)) {
        node = linkFirst(slot, scratch);
      } else {
        joined = linker.duplicate(scratch);
        node = joined == SlotNodes.NONE ? linker.link(slot, scratch) : SlotNodes.NONE;
      }
    } finally {
      endLinking(writerLock, slot, node, joined);
    }
    return node != SlotNodes.NONE || joined != SlotNodes.NONE;
  }

  /** {@return the newest slot of the list that nobody is linking, marked, or -1} */
  private int takeWaiting() {
    if (!wantsLinks()) {
      return SlotNodes.NONE;
    }
    if (graph == null) {
      graph = newGraph();
    }
    for (int i = flat.size() - 1; i >= 0; i--) {
      int slot = flat.slotAt(i);
      if (space.slots.node(slot) != SlotNodes.LINKING) {
        space.slots.setNode(slot, SlotNodes.LINKING);
        // Now, since others may join its node as soon as it is linked.
        space.slots.setNext(slot, SlotNodes.NONE);
        linking++;
        return slot;
      }
    }
    return SlotNodes.NONE;
  }

  /** Links the first entry of a graph; not one whose whole neighbourhood is dead. */
  private int linkFirst(int slot, SearchScratch scratch) throws IOException {
    HnswGraph current = graph;
    synchronized (current) {
      return current.isEmpty() ? linker.link(slot, scratch) : SlotNodes.NONE;
    }
  }

  private void endLinking(Lock writerLock, int slot, int node, int joined) {
    SlotNodes slots = space.slots;
    writerLock.lock();
    try {
      linking--;
      boolean gone = !flat.contains(slot);
      if (node != SlotNodes.NONE) {
        if (gone) {
          leave(slot, node);
        } else {
          enter(slot, node);
        }
      } else if (gone) {
        return;
      } else if (joined != SlotNodes.NONE && space.blocks.takesEntries(joined)) {
        space.entries.join(slot, joined);
        enter(slot, joined);
      } else {
        // Its nearest died or filled up meanwhile, or all around it is dead: the list keeps it.
        slots.setNode(slot, SlotNodes.NONE);
        sweepWanted |= joined == SlotNodes.NONE && deadNodes > 0;
      }
    } finally {
      writerLock.unlock();
    }
  }

  private void enter(int slot, int node) {
    space.slots.setNode(slot, node);
    flat.remove(slot);
    linkedLive++;
  }

  /**
   * Does a bounded part of the work that is due: links entries, sweeps dead nodes, moves a shrunken
   * scope back into its list.
   *
   * @param linksToo whether to link; others may be linking
   * @param released receives nodes that left the graph, to be given to {@link
   *     IndexSpace#releaseNode} after the readers' epoch
   * @return whether something was done, or waits for readers to leave
   * @throws IOException if there is no room for nodes; the entries stay in the list
   */
  public boolean maintain(
      boolean linksToo, Lock writerLock, SearchScratch scratch, IntArrayList released)
      throws IOException {
    int linked = 0;
    boolean moved = false;
    try {
      while (linksToo && linked < LINKS_PER_CALL && linkOne(writerLock, scratch)) {
        linked++;
      }
    } finally {
      // Where there is no room for links, a sweep makes some. After them: new nodes find their
      // place along dead ones, too.
      moved = demote(writerLock);
      moved |= sweep(writerLock, scratch, released);
    }
    return moved || linked > 0;
  }

  private boolean demote(Lock writerLock) {
    writerLock.lock();
    try {
      if (!wantsDemotion()) {
        return false;
      }
      synchronized (graph) {
        IntArrayList nodes = graph.nodes;
        // Most of a graph that shrank are dead nodes, which are many: not all in one turn.
        int at = demoteAt < nodes.size() && demoteAt > 0 ? demoteAt : nodes.size();
        int last = Math.max(0, at - SWEEPS_PER_CALL);
        for (int moved = 0; at > last && moved < LINKS_PER_CALL; ) {
          moved += moveBack(nodes.getInt(--at));
        }
        demoteAt = at;
      }
      return true;
    } finally {
      writerLock.unlock();
    }
  }

  private int moveBack(int node) {
    int first = space.blocks.entry(node);
    if (first == NodeBlocks.DEAD || space.slots.node(first) != node) {
      return 0;
    }
    int moved = 0;
    for (int slot = first; slot != SlotNodes.NONE; slot = space.slots.next(slot)) {
      flat.add(slot);
      space.slots.setNode(slot, SlotNodes.NONE);
      linkedLive--;
      moved++;
    }
    // Readers that miss them here look at the list again.
    demotions++;
    space.blocks.setEntry(node, NodeBlocks.DEAD);
    deadNodes++;
    return moved;
  }

  private boolean sweep(Lock writerLock, SearchScratch scratch, IntArrayList released) {
    if (sweep == null || !space.isSettled()) {
      return false;
    }
    if (!sweep.isStarted()) {
      writerLock.lock();
      try {
        if (!wantsSweep()) {
          return false;
        }
        sweepWanted = false;
      } finally {
        writerLock.unlock();
      }
      sweep.start();
      sweepEpoch = epochs.advance();
      return true;
    }
    if (!epochs.passed(sweepEpoch)) {
      // Perhaps the reader waits for this very processor.
      Thread.yield();
      return true;
    }
    IntArrayList gone = sweep.visit(SWEEPS_PER_CALL, scratch);
    if (gone != null) {
      writerLock.lock();
      try {
        deadNodes -= gone.size();
        dropEmptyGraph();
      } finally {
        writerLock.unlock();
      }
      gone.forEachInt(released::addInt);
    }
    return true;
  }

  /** A small scope without nodes is a list again. */
  private void dropEmptyGraph() {
    if (graph.isEmpty() && linking == 0 && flat.size() <= PROMOTE_AT) {
      dropGraph();
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
      GraphCheck.require(flat.contains(slot), "listed slot " + slot + " has another position");
      GraphCheck.require(
          space.slots.node(slot) == SlotNodes.NONE, "slot " + slot + " is in list and graph");
    }
    if (graph != null) {
      GraphCheck.check(graph, linkedLive, deadNodes);
    } else {
      GraphCheck.require(linkedLive + deadNodes == 0, "counts of a graph that is not there");
    }
  }

  /**
   * {@return how many linked entries no walk along the links reaches} For tests and benchmarks,
   * with no other thread at work.
   */
  public int unreachable() {
    return graph == null ? 0 : GraphCheck.unreachable(graph);
  }
}
