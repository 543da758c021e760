package dev.askonce.bench.data;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products of {@value #ROWS} rows with a panel of {@link #COLUMNS} vectors at once, with the
 * Vector API: the inner loop of everything here that multiplies matrices.
 */
final class Tile {
  /*
   * A panel holds its vectors interleaved, component by component, so that a lane belongs to one of
   * them and no sum runs across lanes:
   *
   *   panel  v0[0] v1[0] … v31[0] | v0[1] v1[1] … v31[1] | …
   *   row    r[0]                 | r[1]                 | …      each broadcast to all lanes
   *
   * 6 rows by 2 registers are 12 sums, which with 2 loads and a broadcast fit into the 16 registers
   * of AVX2: 8 loads serve 12 fused multiply-adds.
   */
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  static final int ROWS = 6;

  /** Vectors of a panel. */
  static final int COLUMNS = 2 * LANES;

  private Tile() {}

  /** {@return {@code vectors[from…]} interleaved; what is missing of the last panel is zero} */
  static float[] panel(float[][] vectors, int from, int dimension) {
    float[] panel = new float[dimension * COLUMNS];
    for (int column = 0; column < COLUMNS && from + column < vectors.length; column++) {
      float[] vector = vectors[from + column];
      for (int i = 0; i < dimension; i++) {
        panel[i * COLUMNS + column] = vector[i];
      }
    }
    return panel;
  }

  /**
   * @param rows at least six rows from {@code at} on
   * @param worst only if one of a column's products is over its element, products are written
   * @param products receives row after row of {@link #COLUMNS} products
   * @return whether products were written
   */
  static boolean multiply(
      float[] rows, int at, int dimension, float[] panel, float[] worst, float[] products) {
    int r0 = at;
    int r1 = r0 + dimension;
    int r2 = r1 + dimension;
    int r3 = r2 + dimension;
    int r4 = r3 + dimension;
    int r5 = r4 + dimension;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    FloatVector b4 = a0;
    FloatVector b5 = a0;
    for (int i = 0; i < dimension; i++) {
      FloatVector a = FloatVector.fromArray(SPECIES, panel, i * COLUMNS);
      FloatVector b = FloatVector.fromArray(SPECIES, panel, i * COLUMNS + LANES);
      FloatVector row = FloatVector.broadcast(SPECIES, rows[r0 + i]);
      a0 = row.fma(a, a0);
      b0 = row.fma(b, b0);
      row = FloatVector.broadcast(SPECIES, rows[r1 + i]);
      a1 = row.fma(a, a1);
      b1 = row.fma(b, b1);
      row = FloatVector.broadcast(SPECIES, rows[r2 + i]);
      a2 = row.fma(a, a2);
      b2 = row.fma(b, b2);
      row = FloatVector.broadcast(SPECIES, rows[r3 + i]);
      a3 = row.fma(a, a3);
      b3 = row.fma(b, b3);
      row = FloatVector.broadcast(SPECIES, rows[r4 + i]);
      a4 = row.fma(a, a4);
      b4 = row.fma(b, b4);
      row = FloatVector.broadcast(SPECIES, rows[r5 + i]);
      a5 = row.fma(a, a5);
      b5 = row.fma(b, b5);
    }
    FloatVector bestA = a0.max(a1).max(a2).max(a3).max(a4).max(a5);
    FloatVector bestB = b0.max(b1).max(b2).max(b3).max(b4).max(b5);
    if (!bestA.compare(VectorOperators.GT, FloatVector.fromArray(SPECIES, worst, 0)).anyTrue()
        && !bestB
            .compare(VectorOperators.GT, FloatVector.fromArray(SPECIES, worst, LANES))
            .anyTrue()) {
      return false;
    }
    store(a0, b0, products, 0);
    store(a1, b1, products, 1);
    store(a2, b2, products, 2);
    store(a3, b3, products, 3);
    store(a4, b4, products, 4);
    store(a5, b5, products, 5);
    return true;
  }

  private static void store(FloatVector a, FloatVector b, float[] products, int row) {
    a.intoArray(products, row * COLUMNS);
    b.intoArray(products, row * COLUMNS + LANES);
  }
}
