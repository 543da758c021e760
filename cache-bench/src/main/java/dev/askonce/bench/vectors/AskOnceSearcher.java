package dev.askonce.bench.vectors;

import dev.askonce.engine.Candidates;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;

/**
 * Asks ours. Its entries have no numbers of the base, since an import on several threads stores
 * them in any order; but it tells exact cosines, by which recalls are judged.
 */
final class AskOnceSearcher implements Searcher {
  private final SemanticCache cache;
  private final Scope scope;
  private final float[][] queries;
  private final Mode mode;
  private final float tau;
  private final Candidates result = new Candidates();

  AskOnceSearcher(SemanticCache cache, Scope scope, float[][] queries, Mode mode, float tau) {
    this.cache = cache;
    this.scope = scope;
    this.queries = queries;
    this.mode = mode;
    this.tau = tau;
  }

  /** Leaves {@code found} as it is. */
  @Override
  public int search(int query, int[] found) {
    return search(query);
  }

  int search(int query) {
    if (mode == Mode.ANY) {
      cache.any(scope, queries[query], tau, result);
    } else {
      cache.nearest(scope, queries[query], mode.floor, mode.k, result);
    }
    return result.count();
  }

  @Override
  public float cosine(Data data, int query, int[] found, int rank) {
    return result.cosine(rank);
  }
}
