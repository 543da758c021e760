package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.base.LongHeap;
import dev.askonce.engine.internal.base.VisitedSet;

/**
 * Everything a search writes to, so that it allocates nothing. Not thread-safe; one a search
 * context, one for the thread that links.
 */
public final class SearchScratch {
  /** Beam of a link: the paper's efConstruction. */
  static final int LINK_BEAM = 128;

  /** Most slots that a beam can have reached and not yet expanded. */
  private static final int FRONTIER_MAX = 4096;

  private final float[] query;
  private final TopCandidates top = new TopCandidates();

  final LongHeap frontier = new LongHeap(FRONTIER_MAX);
  final LongHeap beam = new LongHeap(LINK_BEAM);
  final VisitedSet visited = new VisitedSet();
  final float[] dots = new float[4];
  final int[] batch = new int[4];

  /** Dead nodes that a search may still pass through. */
  int deadLeft;

  public SearchScratch(int dimension) {
    query = new float[dimension];
  }

  /** {@return where the caller writes the query, a unit vector, before a search} */
  public float[] query() {
    return query;
  }

  /** {@return where a search leaves what it found} */
  public TopCandidates top() {
    return top;
  }
}
