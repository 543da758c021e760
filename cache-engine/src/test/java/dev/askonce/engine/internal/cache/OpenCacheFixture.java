package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.Scope;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One open cache for each test, whose structure is checked after it. */
abstract class OpenCacheFixture {
  static final Scope ACME = Scope.tenant("acme").with("model", "m");

  @TempDir Path directory;

  CacheHouse house;
  LocalSemanticCache cache;

  @BeforeEach
  void open() {
    house = new CacheHouse(directory);
    cache = house.open();
  }

  @AfterEach
  void checkAndClose() {
    cache.check();
    cache.close();
  }

  EntryId put(String text, String answer) {
    return cache.put(ACME, text, Answer.text(answer)).orElseThrow();
  }

  Optional<String> answer(Scope scope, String text) {
    return cache.lookup(scope, text).answer().map(Answer::text);
  }

  MissReason miss(String text, LookupOptions options) {
    return cache.lookup(ACME, text, options).missReason().orElseThrow();
  }
}
