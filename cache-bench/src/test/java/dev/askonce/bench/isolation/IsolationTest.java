package dev.askonce.bench.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.Progress;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationTest {
  private static final IsolationSettings SETTINGS =
      new IsolationSettings(100_000, 32, 50, 2, System.nanoTime());

  @TempDir Path directory;

  @BeforeEach
  void tellSeed() {
    System.out.println("seed " + SETTINGS.seed());
  }

  private SemanticCache open() {
    return SemanticCache.at(directory.resolve("store"))
        .embedder(Isolation.embedder())
        .entriesMax(8_192)
        .open();
  }

  private static IsolationReport run(SemanticCache cache) {
    return new Isolation(SETTINGS, cache, new Progress(line -> {})).run();
  }

  @Test
  void cache_identicalQuestions_leaksNothing() {
    try (SemanticCache cache = open()) {
      IsolationReport report = run(cache);
      assertTrue(report.isGood(), report.toString());
      assertEquals(SETTINGS.lookups(), report.cycles());
      assertTrue(report.hits() > SETTINGS.lookups() / 3, report.toString());
      assertTrue(report.hits() < SETTINGS.lookups() * 2 / 3, report.toString());
    }
  }

  @Test
  void cacheThatLeavesOutAPartOfTheScope_isFound() {
    try (SemanticCache cache = open()) {
      IsolationReport report = run(withoutTenant(cache));
      assertFalse(report.isGood());
      assertTrue(report.leaks() > 0, report.toString());
      assertFalse(report.findings().isEmpty());
    }
  }

  /** {@return a cache that takes all tenants for one} */
  private static SemanticCache withoutTenant(SemanticCache cache) {
    return (SemanticCache)
        Proxy.newProxyInstance(
            SemanticCache.class.getClassLoader(),
            new Class<?>[] {SemanticCache.class},
            (proxy, method, arguments) -> {
              for (int i = 0; arguments != null && i < arguments.length; i++) {
                if (arguments[i] instanceof Scope scope && scope.tenant().startsWith("tenant ")) {
                  arguments[i] = Scope.tenant("tenant x").with("model", "m").with("system", "s");
                }
              }
              try {
                return method.invoke(cache, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
