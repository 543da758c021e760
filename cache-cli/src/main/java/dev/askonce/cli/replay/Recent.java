package dev.askonce.cli.replay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A map that forgets what was not asked for the longest. Thread-safe. */
final class Recent<K, V> {
  private final Map<K, V> map;

  Recent(int most) {
    map =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<V> find(K key) {
    return Optional.ofNullable(map.get(key));
  }

  synchronized void keep(K key, V value) {
    map.put(key, value);
  }
}
