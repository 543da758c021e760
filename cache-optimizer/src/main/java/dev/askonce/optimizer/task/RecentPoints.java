package dev.askonce.optimizer.task;

import dev.askonce.optimizer.task.TaskClassifier.Points;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What recent texts show, least recently used ones forgotten. Thread-safe: the lock is held to look
 * a text up, not to read it.
 */
final class RecentPoints {
  private final Map<String, Points> byText;

  RecentPoints(int textsMax) {
    byText =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Points> eldest) {
            return size() > textsMax;
          }
        };
  }

  /**
   * {@return what a text shows; not to be changed}
   *
   * @param reading makes it; of two threads with the same new text each may
   */
  Points computeIfAbsent(String text, Function<String, Points> reading) {
    Points known;
    synchronized (byText) {
      known = byText.get(text);
    }
    if (known != null) {
      return known;
    }
    Points points = reading.apply(text);
    synchronized (byText) {
      byText.put(text, points);
    }
    return points;
  }
}
