/**
 * Measures vector indexes against each other and against the exact truth: {@link
 * dev.askonce.bench.vectors.VectorBenchmark} builds every {@link dev.askonce.bench.vectors.Engine}
 * on the same base, asks all of them the same queries in turns, and gives a {@link
 * dev.askonce.bench.vectors.Row} for each engine, mode and setting.
 *
 * <p>May use {@code bench.data}, the public interface of the engine, the switches of its {@code
 * LocalSemanticCache} and the peers' libraries; nothing else of the engine's inside, so that what
 * judges is not what is judged. Invariant: recalls are computed here, from the entries that an
 * engine names, alike for all peers; ours tells exact cosines instead of numbers, and none of them
 * may exceed the truth.
 */
package dev.askonce.bench.vectors;
