package dev.askonce.bench.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A square matrix of floats, to be multiplied with many vectors. Immutable. */
final class Matrix {
  private final int dimension;

  /** Row after row, and zeros up to a whole number of tiles. */
  private final float[] flat;

  Matrix(float[][] rows) {
    dimension = rows.length;
    flat = new float[Math.ceilDiv(dimension, Tile.ROWS) * Tile.ROWS * dimension];
    for (int i = 0; i < dimension; i++) {
      System.arraycopy(rows[i], 0, flat, i * dimension, dimension);
    }
  }

  Matrix transposed() {
    float[][] columns = new float[dimension][dimension];
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        columns[j][i] = flat[i * dimension + j];
      }
    }
    return new Matrix(columns);
  }

  /** {@return the product of this matrix with each of the vectors, on all processors} */
  float[][] times(float[][] vectors) {
    float[][] result = new float[vectors.length][dimension];
    IntStream.range(0, Math.ceilDiv(vectors.length, Tile.COLUMNS))
        .parallel()
        .forEach(panel -> multiply(vectors, panel * Tile.COLUMNS, result));
    return result;
  }

  private void multiply(float[][] vectors, int first, float[][] result) {
    float[] panel = Tile.panel(vectors, first, dimension);
    float[] all = new float[Tile.COLUMNS];
    Arrays.fill(all, Float.NEGATIVE_INFINITY);
    float[] products = new float[Tile.ROWS * Tile.COLUMNS];
    int columns = Math.min(Tile.COLUMNS, vectors.length - first);
    for (int row = 0; row < dimension; row += Tile.ROWS) {
      Tile.multiply(flat, row * dimension, dimension, panel, all, products);
      for (int i = row; i < Math.min(row + Tile.ROWS, dimension); i++) {
        for (int column = 0; column < columns; column++) {
          result[first + column][i] = products[(i - row) * Tile.COLUMNS + column];
        }
      }
    }
  }
}
