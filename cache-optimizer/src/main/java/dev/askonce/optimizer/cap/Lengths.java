package dev.askonce.optimizer.cap;

import dev.askonce.optimizer.chat.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long answers are, by endpoint and task. Thread-safe. */
final class Lengths {
  /** The most profiles; calls of further endpoints share one by task. */
  private static final int PROFILES_MAX = 1_000;

  private static final String OTHER = "other";

  private record Key(String endpoint, Task task) {}

  private final Map<Key, LengthProfile> profiles = new ConcurrentHashMap<>();

  LengthProfile of(String endpoint, Task task) {
    Key key = new Key(endpoint, task);
    LengthProfile known = profiles.get(key);
    if (known != null) {
      return known;
    }
    Key kept = profiles.size() < PROFILES_MAX ? key : new Key(OTHER, task);
    return profiles.computeIfAbsent(kept, unused -> new LengthProfile());
  }
}
