package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.Kernel;

/**
 * Chooses a node's neighbours from candidates so that they lie in different directions: nearest
 * first, a candidate is left out where a chosen one is nearer to it than the node is, which is the
 * paper's algorithm 4. Those that only just failed follow, by the slack of DiskANN (Subramanya et
 * al., 2019), and where all these are few, the nearest of the others. Stateless.
 */
final class LinkSelection {
  /**
   * A candidate only just failed if its squared distance to every chosen neighbour is at least this
   * share of that to the node. Either rule alone loses something: by 1, recall@1 of 58,849 question
   * embeddings at beam 8 was 0.92 instead of 0.94; by 1 / 1.06, the lists of 60,000 vectors that
   * crowd filled up with neighbours of one direction, and nine nearest of 382 were lost at beam 64
   * instead of one.
   */
  private static final float SLACK = 1 / 1.06f;

  /** Candidates that only just failed are taken up to here. */
  private static final int SLACK_FILL = NodeBlocks.LINKS_MAX * 7 / 8;

  /**
   * Lists are filled up to here. A search reads every lane of a block anyway, and an entry far from
   * all others is led to by so few that one link more decides whether it is found: at beam 10 of
   * 2,209 questions with an entry at 0.9 none was lost instead of two. The lanes that stay free
   * spare most new links a choice anew: filled to the end, linking took 2.5 times as long.
   */
  private static final int FILL = NodeBlocks.LINKS_MAX * 3 / 4;

  private final Kernel kernel;
  private final int dimension;

  LinkSelection(Kernel kernel, int dimension) {
    this.kernel = kernel;
    this.dimension = dimension;
  }

  /** Sorts the candidates and chooses. {@return how many places are in {@code chosen}} */
  int choose(LinkScratch link) {
    link.sort();
    int taken = 0;
    int narrow = 0;
    for (int rank = 0; rank < link.count && taken < NodeBlocks.LINKS_MAX; rank++) {
      int place = link.place(rank);
      float ratio = failingRatio(link, place, taken, 1);
      if (ratio >= 1) {
        link.chosen[taken++] = place;
      } else if (ratio >= SLACK) {
        link.narrow[narrow++] = place;
      }
    }
    for (int i = 0; i < narrow && taken < SLACK_FILL; i++) {
      int place = link.narrow[i];
      if (failingRatio(link, place, taken, SLACK) >= SLACK) {
        link.chosen[taken++] = place;
      }
    }
    return link.fill(taken, FILL);
  }

  /**
   * {@return the first ratio below {@code least} of a candidate's squared distances to the chosen
   * ones and to the node, or {@code least} if there is none}
   */
  private float failingRatio(LinkScratch link, int place, int taken, float least) {
    long vector = link.vectors[place];
    float toNode = 1 - link.cosines[place];
    for (int i = 0; i < taken; i++) {
      float toChosen = 1 - kernel.dot(vector, link.vectors[link.chosen[i]], dimension);
      if (toChosen < least * toNode) {
        return toChosen / toNode;
      }
    }
    return least;
  }
}
