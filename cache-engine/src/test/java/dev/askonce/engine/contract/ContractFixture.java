package dev.askonce.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.internal.cache.FakeEmbedder;
import dev.askonce.engine.spi.Embedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * One open cache for each test of a contract. An implementation says what distinguishes it in
 * {@link #implementation}.
 */
abstract class ContractFixture {
  static final Scope ACME = Scope.tenant("acme").with("model", "m");
  static final Duration HOUR = Duration.ofHours(1);

  /** Stands still until it is moved. */
  static final class Clock implements InstantSource {
    private volatile long millis = 1_700_000_000_000L;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis);
    }

    void advance(Duration time) {
      millis += time.toMillis();
    }
  }

  @TempDir Path directory;

  final Clock clock = new Clock();
  final FakeEmbedder embedder = new FakeEmbedder();
  Optional<Embedder> embedderOfCache = Optional.of(embedder);
  SemanticCache cache;

  /**
   * {@return the builder, with what makes this implementation another than the plain one} Called
   * once for each opening.
   */
  protected abstract SemanticCacheBuilder implementation(SemanticCacheBuilder builder);

  @BeforeEach
  void open() {
    cache = openAt(directory.resolve("store"));
  }

  @AfterEach
  void close() {
    cache.close();
    assertEquals(
        StoreReport.Condition.CLEAN, SemanticCache.check(directory.resolve("store")).condition());
  }

  SemanticCache openAt(Path store) {
    return open(store, builder -> builder);
  }

  SemanticCache open(Path store, UnaryOperator<SemanticCacheBuilder> settings) {
    SemanticCacheBuilder builder = SemanticCache.at(store);
    embedderOfCache.ifPresentOrElse(
        builder::embedder, () -> builder.vectors(FakeEmbedder.DIMENSION, embedder.fingerprint()));
    builder
        .threshold(0.95)
        .ttl(HOUR)
        .ttlMax(Duration.ofDays(2))
        .entriesMax(1_000)
        .answerBytesMax(4_096)
        .textCharsMax(2_000)
        .embedTimeout(Duration.ofSeconds(1))
        .clock(clock);
    return settings.apply(implementation(builder)).open();
  }

  /** Closes the cache and opens it again with other settings. */
  void reopen(UnaryOperator<SemanticCacheBuilder> settings) {
    cache.close();
    cache = open(directory.resolve("store"), settings);
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
