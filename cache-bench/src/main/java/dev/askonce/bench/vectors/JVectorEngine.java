package dev.askonce.bench.vectors;

import dev.askonce.bench.data.HeapUse;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * JVector's graph on the heap with full vectors, which it cannot read from elsewhere without
 * copying. Its degree counts the links of the bottom level; overflow, alpha, hierarchy and the
 * refining pass are as its tutorial recommends.
 */
final class JVectorEngine implements Engine {
  static final String NAME = "jvector";

  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;
  private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;

  /** Kept, since the logging system forgets loggers that nobody holds. */
  private static final Logger LOG = Logger.getLogger("io.github.jbellis.jvector");

  /** Warns of a default that this engine does not use. */
  private static final Logger POOL_LOG =
      Logger.getLogger("io.github.jbellis.jvector.util.PhysicalCoreExecutor");

  private Data data;
  private List<VectorFloat<?>> queries;
  private RandomAccessVectorValues values;
  private ImmutableGraphIndex graph;
  private long heapBefore;

  JVectorEngine() {
    LOG.setLevel(Level.WARNING);
    POOL_LOG.setLevel(Level.SEVERE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Data data) {
    this.data = data;
    VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();
    queries = new ArrayList<>();
    for (float[] query : data.queries()) {
      queries.add(types.createFloatVector(query));
    }
    heapBefore = HeapUse.bytes();
    List<VectorFloat<?>> base = new ArrayList<>();
    for (int i = 0; i < data.base().count(); i++) {
      base.add(types.createFloatVector(data.base().row(i)));
    }
    values = new ListRandomAccessVectorValues(base, data.base().dimension());
  }

  @Override
  public void build(BuildPace pace) throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(pace.threads());
        GraphIndexBuilder builder =
            GraphIndexBuilder.builder(
                    BuildScoreProvider.randomAccessScoreProvider(values, SIMILARITY),
                    values.dimension(),
                    2 * LINKS)
                .withBeamWidth(BUILD_BEAM)
                .withNeighborOverflow(OVERFLOW)
                .withAlpha(ALPHA)
                .withSimdExecutor(pool)
                .withParallelExecutor(pool)
                .build()) {
      Workers.forEach(
          pace.threads(),
          values.size(),
          i -> {
            builder.addGraphNode(i, values.getVector(i));
            pace.added();
          });
      builder.cleanup();
      graph = builder.getGraph();
    }
  }

  @Override
  public long bytes() {
    return HeapUse.bytes() - heapBefore;
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new SearcherLoop(
        data,
        mode.k,
        () -> {
          GraphSearcher searcher = new GraphSearcher(graph);
          return (query, found) -> search(searcher, queries.get(query), setting.beam(), found);
        });
  }

  private int search(GraphSearcher searcher, VectorFloat<?> query, int beam, int[] found) {
    SearchResult.NodeScore[] nodes =
        searcher
            .search(
                DefaultSearchScoreProvider.exact(query, SIMILARITY, values),
                found.length,
                beam,
                0f,
                0f,
                Bits.ALL)
            .getNodes();
    for (int i = 0; i < nodes.length; i++) {
      found[i] = nodes[i].node;
    }
    return nodes.length;
  }

  @Override
  public void close() {
    graph = null;
    values = null;
  }
}
