package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Route;
import dev.askonce.engine.RouteStats;
import dev.askonce.engine.internal.store.FeedbackFile;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The operator's routes by name, and the default one for all other names. Immutable. */
final class Routes {
  private final Map<String, RouteState> byName = new HashMap<>();
  private final RouteState other;

  Routes(CacheSettings settings, KeyedHash hash, FeedbackFile feedback, long nowMillis) {
    Map<String, Route> set = new TreeMap<>(settings.routes());
    set.putIfAbsent(Route.DEFAULT_NAME, Route.DEFAULTS);
    set.forEach(
        (name, route) -> {
          Hash128 key = new Hash128(hash.name("route", name), 0);
          byName.put(
              name, new RouteState(name, key, route, settings, feedback.level(key), nowMillis));
        });
    other = byName.get(Route.DEFAULT_NAME);
  }

  RouteState of(String name) {
    return byName.getOrDefault(name, other);
  }

  Map<String, RouteStats> stats() {
    Map<String, RouteStats> stats = new TreeMap<>();
    byName.forEach((name, state) -> stats.put(name, state.stats()));
    return stats;
  }
}
