/**
 * Does a process stay as small as it is when its cache is full and all entries are replaced again
 * and again? A child process with a heap of fixed size measures itself. Uses {@code bench.crash}
 * for answers that carry their truth and for processes, and the engine's public interface.
 */
package dev.askonce.bench.soak;
