/**
 * Does a full cache stay as good and as small when entries come and expire for a long time? One
 * cache through its public interface, a clock that stands still unless an entry is put, readers
 * beside the writer, and the exact truth after each turnover. Uses {@code bench.data} and the
 * engine's public interface.
 */
package dev.askonce.bench.churn;
