package dev.askonce.optimizer.cap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which models do not take what we make of requests: a model whose provider refused three changed
 * requests in a row, and took them as they came, is left alone from then on. Thread-safe.
 */
final class Refusals {
  private static final int IN_A_ROW = 3;

  /** A caller may send any name as a model; more of them are not kept. */
  private static final int MODELS_MAX = 1_000;

  private record Key(String url, String model) {}

  private final Map<Key, Integer> inARow = new ConcurrentHashMap<>();

  boolean isRefusing(String url, String model) {
    return !inARow.isEmpty() && inARow.getOrDefault(new Key(url, model), 0) >= IN_A_ROW;
  }

  void note(String url, String model, boolean taken) {
    Key key = new Key(url, model);
    if (!taken) {
      if (inARow.size() < MODELS_MAX || inARow.containsKey(key)) {
        inARow.merge(key, 1, Integer::sum);
      }
    } else if (!inARow.isEmpty()) {
      inARow.remove(key);
    }
  }
}
