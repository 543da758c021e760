/**
 * Is every answer right after the process was killed? A child process works on a store and writes
 * down, outside of it, what it is about to do and what it has done; its parent kills it, or it ends
 * itself at a named moment; the next child asks for everything and compares. {@code Truth}, {@code
 * Oracle} and {@code Actor} serve other fault campaigns too. Uses {@code bench.data}, the engine's
 * public interface and its crash points.
 */
package dev.askonce.bench.crash;
