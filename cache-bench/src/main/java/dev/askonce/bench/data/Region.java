package dev.askonce.bench.data;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.agrona.collections.IntArrayList;

/** A part of a set that keeps its neighbours together: whole cells around chance vectors. */
final class Region {
  private static final int CELL_ROWS = 200;
  private static final int BATCH = 8192;

  private Region() {}

  /** {@return {@code count} rows of a set, in cells around some of its vectors} */
  static int[] rows(VectorFile base, int count, Random random) {
    float[][] centres = new float[Math.max(1, base.count() / CELL_ROWS)][];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = base.row(random.nextInt(base.count()));
    }
    List<IntArrayList> cells = cells(base, centres);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < centres.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> -Vectors.dot(centres[0], centres[i])));
    int[] rows = new int[count];
    int taken = 0;
    for (int cell : order) {
      IntArrayList members = cells.get(cell);
      for (int i = 0; i < members.size() && taken < count; i++) {
        rows[taken++] = members.getInt(i);
      }
    }
    return rows;
  }

  private static List<IntArrayList> cells(VectorFile base, float[][] centres) {
    List<IntArrayList> cells = new ArrayList<>();
    for (int i = 0; i < centres.length; i++) {
      cells.add(new IntArrayList());
    }
    ExactSearch search = new ExactSearch(MemorySegment.ofArray(flat(centres)), base.dimension());
    for (int first = 0; first < base.count(); first += BATCH) {
      float[][] batch = new float[Math.min(BATCH, base.count() - first)][];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = base.row(first + i);
      }
      long[] excluded = new long[batch.length];
      Arrays.fill(excluded, ExactSearch.NONE);
      Nearest nearest = search.nearest(batch, excluded, 1);
      for (int i = 0; i < batch.length; i++) {
        cells.get((int) nearest.id(i, 0)).addInt(first + i);
      }
    }
    return cells;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
    }
    return flat;
  }
}
