package dev.askonce.bench.vectors;

/**
 * What all engines are given.
 *
 * @param base the entries, by number
 * @param queries in the order they are asked in, which has been shuffled
 * @param queryRows the same on the heap
 */
record Data(Vectors base, Vectors queries, float[][] queryRows) {
  Data(Vectors base, Vectors queries) {
    this(base, queries, queries.rows());
  }

  /** {@return the exact cosine of a query and an entry} */
  float cosine(int query, int entry) {
    return Dots.dot(queries.address(query), base.address(entry), base.dimension());
  }
}
