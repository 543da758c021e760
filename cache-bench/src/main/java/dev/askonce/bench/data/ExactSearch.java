package dev.askonce.bench.data;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Compares every row with every query, on all processors: the truth that everything else is
 * measured against. The result does not depend on the number of threads.
 */
public final class ExactSearch {
  /** Floats of the rows that are compared with all queries before the next: 384 kB of cache. */
  private static final int BLOCK_FLOATS = 96 * 1024;

  /** A query that excludes no row. */
  public static final long NONE = -1;

  private final MemorySegment rows;
  private final int dimension;
  private final int rowCount;
  private final int blockRows;

  /**
   * @param rows unit vectors of {@link VectorFile#FLOAT}, one after another
   */
  public ExactSearch(MemorySegment rows, int dimension) {
    this.rows = rows;
    this.dimension = dimension;
    rowCount = (int) (rows.byteSize() / Float.BYTES / dimension);
    blockRows = Math.max(1, BLOCK_FLOATS / dimension / Tile.ROWS) * Tile.ROWS;
  }

  /**
   * {@return the nearest rows of each query; an id is a row's index}
   *
   * @param excluded for each query the row it must not find, itself, or {@link #NONE}
   */
  public Nearest nearest(float[][] queries, long[] excluded, int depth) {
    Nearest nearest = new Nearest(queries.length, depth);
    addTo(nearest, queries, excluded, 0);
    return nearest;
  }

  /**
   * Improves {@code nearest} by these rows, which are not in it yet.
   *
   * @param firstId the id of row 0
   */
  void addTo(Nearest nearest, float[][] queries, long[] excluded, long firstId) {
    int panels = Math.ceilDiv(queries.length, Tile.COLUMNS);
    int threads = Math.min(panels, Runtime.getRuntime().availableProcessors());
    IntStream.range(0, threads)
        .parallel()
        .forEach(
            thread -> {
              Panel[] own =
                  IntStream.iterate(thread, i -> i < panels, i -> i + threads)
                      .mapToObj(i -> new Panel(nearest, queries, excluded, firstId, i))
                      .toArray(Panel[]::new);
              scan(own);
            });
  }

  private void scan(Panel[] panels) {
    float[] block = new float[blockRows * dimension];
    for (int first = 0; first < rowCount; first += blockRows) {
      int count = Math.min(blockRows, rowCount - first);
      // What is behind the last row is of the block before, and is not offered.
      MemorySegment.copy(
          rows,
          VectorFile.FLOAT,
          (long) first * dimension * Float.BYTES,
          block,
          0,
          count * dimension);
      for (Panel panel : panels) {
        panel.compare(block, first, count);
      }
    }
  }

  /** A few queries of one thread. */
  private final class Panel {
    private final Nearest nearest;
    private final long[] excluded;
    private final long firstId;
    private final int firstQuery;
    private final int queryCount;
    private final float[] panel;
    private final float[] worst = new float[Tile.COLUMNS];
    private final float[] products = new float[Tile.ROWS * Tile.COLUMNS];

    Panel(Nearest nearest, float[][] queries, long[] excluded, long firstId, int index) {
      this.nearest = nearest;
      this.excluded = excluded;
      this.firstId = firstId;
      firstQuery = index * Tile.COLUMNS;
      queryCount = Math.min(Tile.COLUMNS, queries.length - firstQuery);
      panel = Tile.panel(queries, firstQuery, dimension);
      Arrays.fill(worst, Float.POSITIVE_INFINITY);
      for (int i = 0; i < queryCount; i++) {
        worst[i] = nearest.worst(firstQuery + i);
      }
    }

    void compare(float[] block, int firstRow, int count) {
      for (int row = 0; row < count; row += Tile.ROWS) {
        if (Tile.multiply(block, row * dimension, dimension, panel, worst, products)) {
          offer(firstRow + row, Math.min(Tile.ROWS, count - row));
        }
      }
    }

    private void offer(int firstRow, int count) {
      for (int column = 0; column < queryCount; column++) {
        int query = firstQuery + column;
        for (int row = 0; row < count; row++) {
          float cosine = products[row * Tile.COLUMNS + column];
          if (cosine > worst[column] && firstRow + row != excluded[query]) {
            nearest.offer(query, cosine, firstId + firstRow + row);
            worst[column] = nearest.worst(query);
          }
        }
      }
    }
  }
}
