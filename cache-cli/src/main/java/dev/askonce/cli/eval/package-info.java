/**
 * {@code askonce eval}: what a decision would serve, on labelled pairs and on traffic of a file.
 *
 * <p>Uses the engine, the embedder and {@code dev.askonce.bench.data}. Invariant: a policy sees the
 * texts and their cosine, never a label.
 */
package dev.askonce.cli.eval;
