package dev.askonce.bench.churn;

import dev.askonce.bench.data.ExactSearch;
import dev.askonce.bench.data.Nearest;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a cache that stands still finds of what the exact search finds. NaN where nothing was to be
 * found.
 */
record Recall(double decision90, double at1, int eligible90) {
  /** Candidates that a lookup asks for. */
  static final int COUNT = 4;

  private static final float THRESHOLD = 0.90f;

  /** Two cosines of the same vectors differ by no more, however they are summed. */
  private static final float ROUNDING = 1e-5f;

  static Recall measure(SemanticCache cache, Scope scope, LiveEntries live, float[][] questions) {
    long[] excluded = new long[questions.length];
    Arrays.fill(excluded, ExactSearch.NONE);
    Nearest truth =
        new ExactSearch(live.rows(), questions[0].length).nearest(questions, excluded, 1);
    Candidates found = new Candidates();
    int eligible = 0;
    int decided = 0;
    int nearest = 0;
    for (int i = 0; i < questions.length; i++) {
      float best = truth.cosine(i, 0);
      // So near the threshold that rounding decides: neither an answer nor a loss.
      if (best >= THRESHOLD + ROUNDING) {
        eligible++;
        cache.any(scope, questions[i], THRESHOLD, found);
        decided += found.count() > 0 ? 1 : 0;
      }
      cache.nearest(scope, questions[i], 0, COUNT, found);
      nearest += found.count() > 0 && found.cosine(0) >= best - ROUNDING ? 1 : 0;
    }
    return new Recall((double) decided / eligible, (double) nearest / questions.length, eligible);
  }

  /** {@return how many live entries a search with their own vector does not find} */
  static int notFound(SemanticCache cache, Scope scope, LiveEntries live) {
    ThreadLocal<Candidates> own = ThreadLocal.withInitial(Candidates::new);
    return (int)
        IntStream.range(0, live.count())
            .parallel()
            .filter(place -> !finds(cache, scope, live, place, own.get()))
            .count();
  }

  private static boolean finds(
      SemanticCache cache, Scope scope, LiveEntries live, int place, Candidates found) {
    cache.nearest(scope, live.vector(place), THRESHOLD, COUNT, found);
    for (int rank = 0; rank < found.count(); rank++) {
      if (live.is(place, found.id(rank))) {
        return true;
      }
    }
    return false;
  }
}
