package dev.askonce.bench.evict;

import static dev.askonce.bench.data.InputException.require;

import java.util.List;

/**
 * What is measured.
 *
 * @param requests of each trace, from 1,000 to 20,000,000
 * @param entries budgets in entries, each from 64 to 1,000,000
 * @param bytes budgets in bytes, each from 1,000,000 to 4,000,000,000
 */
public record Settings(int requests, List<Integer> entries, List<Long> bytes, long seed) {
  public Settings {
    entries = List.copyOf(entries);
    bytes = List.copyOf(bytes);
    require(
        requests >= 1_000 && requests <= 20_000_000,
        requests + " requests are not from 1000 to 20000000");
    require(!entries.isEmpty() || !bytes.isEmpty(), "no budget, neither in entries nor in bytes");
    for (int size : entries) {
      require(size >= 64 && size <= 1_000_000, size + " entries are not from 64 to 1000000");
    }
    for (long size : bytes) {
      require(
          size >= 1_000_000 && size <= 4_000_000_000L,
          size + " bytes are not from 1000000 to 4000000000");
    }
  }
}
