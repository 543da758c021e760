package dev.askonce.bench.crash;

import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.SemanticCacheBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a store is like. All have small segments and small shards, so that both grow often: segments
 * keep the length that the first opening gives them, whatever the later ones ask for.
 */
enum Profile {
  /** Room for all: nothing is evicted, so everything that was put must be there. Encrypted. */
  ROOMY(2_500, 64, 402, 4_000, 2_000),
  /** One scope is so large that it becomes a graph. */
  GRAPH(10_000, 256, 6_000, 900, 20_000),
  /** Less room than keys: puts evict. What is missing may have been evicted and is not counted. */
  FULL(700, 64, 402, 2_000, 2_000);

  /** Scopes, the first of which is the large one. */
  static final int SCOPES = 6;

  /** Tenants, of two scopes each. */
  static final int TENANTS = SCOPES / 2;

  /** Keys with a text in each scope but the first; all such numbers are multiples of 3. */
  static final int KEYS = 162;

  /** Entries without a text, in all scopes but the first, of which the list is searched in full. */
  static final int VECTORS = 400;

  private static final int TEXT_CHARS_MAX = 500;
  private static final Duration LONG_TTL = Duration.ofDays(1);

  private final int entriesMax;
  private final int entriesMaxAtFirst;
  private final int keysOfFirst;
  private final int answerBytesMax;

  /** One of so many operations invalidates a whole group. */
  final int groupOdds;

  Profile(
      int entriesMax, int entriesMaxAtFirst, int keysOfFirst, int answerBytesMax, int groupOdds) {
    this.entriesMax = entriesMax;
    this.entriesMaxAtFirst = entriesMaxAtFirst;
    this.keysOfFirst = keysOfFirst;
    this.answerBytesMax = answerBytesMax;
    this.groupOdds = groupOdds;
  }

  int entriesMax() {
    return entriesMax;
  }

  boolean evicts() {
    return this == FULL;
  }

  int keys(int scope) {
    return scope == 0 ? keysOfFirst : KEYS;
  }

  Truth truth(long seed) {
    return new Truth(seed, answerBytesMax);
  }

  /** Opens a store as it is, or makes it. */
  SemanticCache open(Path store, Truth truth) {
    if (!Files.exists(store.resolve("SUPER"))) {
      open(store, truth, entriesMaxAtFirst).close();
    }
    return open(store, truth, entriesMax);
  }

  private SemanticCache open(Path store, Truth truth, int entries) {
    SemanticCacheBuilder builder = SemanticCache.at(store);
    if (this == ROOMY) {
      builder.encryptionKey(truth.encryptionKey());
    }
    return builder
        .embedder(truth)
        .threshold(Truth.THRESHOLD)
        .entriesMax(entries)
        .answerBytesMax(answerBytesMax)
        .textCharsMax(TEXT_CHARS_MAX)
        .ttl(LONG_TTL)
        .ttlMax(LONG_TTL)
        .open();
  }
}
