package dev.askonce.bench.vectors;

import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import dev.askonce.bench.data.HeapUse;
import dev.askonce.bench.data.VectorFile;
import java.util.List;

/**
 * The Java port of hnswlib. It is given a SIMD distance over the base where it lies, which is
 * faster than the loops over heap arrays that come with it.
 */
final class HnswlibEngine implements Engine {
  static final String NAME = "hnswlib";

  private Data data;
  private HnswIndex<Integer, Row, Row, Float> index;
  private long heapBefore;

  /** A vector in native memory, which is its own item. */
  private record Row(Integer id, long address, int dimensions) implements Item<Integer, Row> {
    @Override
    public Row vector() {
      return this;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Data data) {
    this.data = data;
    heapBefore = HeapUse.bytes();
  }

  @Override
  public void build(BuildPace pace) throws InterruptedException {
    VectorFile base = data.base();
    int dimension = base.dimension();
    index =
        HnswIndex.<Row, Float>newBuilder(
                dimension, (a, b) -> 1 - Dots.dot(a.address, b.address, dimension), base.count())
            .withM(LINKS)
            .withEfConstruction(BUILD_BEAM)
            .build();
    Workers.forEach(
        pace.threads(),
        base.count(),
        i -> {
          index.add(new Row(i, base.address(i), dimension));
          pace.added();
        });
  }

  @Override
  public long bytes() {
    return HeapUse.bytes() - heapBefore + data.base().rows().byteSize();
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new SearcherLoop(
        data,
        mode.k,
        () -> {
          index.setEf(setting.beam());
          return (query, found) ->
              search(new Row(query, data.queryAddress(query), data.base().dimension()), found);
        });
  }

  private int search(Row query, int[] found) {
    List<SearchResult<Row, Float>> nearest = index.findNearest(query, found.length);
    for (int i = 0; i < nearest.size(); i++) {
      found[i] = nearest.get(i).item().id();
    }
    return nearest.size();
  }

  @Override
  public void close() {
    index = null;
  }
}
