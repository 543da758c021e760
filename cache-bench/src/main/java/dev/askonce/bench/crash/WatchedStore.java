package dev.askonce.bench.crash;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A store all of whose answers are compared with an oracle. Segments and shards are small, so that
 * it grows often. Thread-safe but for {@link #open}, {@link #closeStore} and {@link #verify}; puts
 * of one key must come one after another.
 */
public final class WatchedStore implements AutoCloseable {
  private static final Profile PROFILE = Profile.ROOMY;
  private static final long TTL_MILLIS = Duration.ofHours(20).toMillis();

  private final Path store;
  private final Truth truth;
  private final Oracle oracle;
  private final Findings findings;
  private final Asking asking;
  private SemanticCache cache;

  /** Entries evicted since the last verification, by openings that are closed. */
  private long evictedBefore;

  /** Entries that this opening had evicted at the last verification. */
  private long evictedSeen;

  /**
   * @param oracleFile outside of the store
   * @param sink is told what is wrong
   */
  public WatchedStore(Path store, Path oracleFile, long seed, Consumer<String> sink)
      throws IOException {
    this.store = store;
    truth = PROFILE.truth(seed);
    oracle = Oracle.open(oracleFile);
    findings = new Findings(sink);
    asking = new Asking(truth, oracle, findings);
  }

  /** {@return the most entries that it has room for} */
  public static int entriesMax() {
    return PROFILE.entriesMax();
  }

  /** Opens the store; throws what the cache throws. */
  public void open() {
    oracle.opening();
    cache = PROFILE.open(store, truth);
  }

  public SemanticCache cache() {
    return cache;
  }

  /** Says that the files were damaged by somebody, so that anything may be missing. */
  public void damaged() {
    oracle.damaged();
  }

  /** Puts the next version of a key. {@return whether it was stored} */
  public boolean put(int scope, int key) {
    Version version = oracle.beginPut(scope, key, 0, 0, TTL_MILLIS);
    Optional<EntryId> id =
        cache.put(
            Truth.scope(scope),
            Truth.text(key),
            truth.answer(scope, key, version.number),
            PutOptions.DEFAULTS
                .ttl(Duration.ofMillis(TTL_MILLIS))
                .provenance("writer-0")
                .savedNanoDollars(version.number));
    if (id.isPresent()) {
      oracle.donePut(version, id.get());
    } else if (!oracle.droppedPut(version)) {
      findings.dropped();
    }
    return id.isPresent();
  }

  /** Asks by text. {@return whether it was answered} */
  public boolean askText(int scope, int key) {
    return asking.text(cache, scope, key).isPresent();
  }

  /** Asks by vector. {@return whether it was answered} */
  public boolean askVector(int scope, int key) {
    return asking.vector(cache, scope, key).isPresent();
  }

  /** Asks for everything. What is missing is lost, but for as many as were evicted. */
  public void verify() {
    long before = findings.missing.sum();
    new Verification(cache, true, truth, oracle, asking, findings).run();
    long missing = findings.missing.sum() - before;
    long evicted = takeEvicted();
    if (missing > evicted) {
      findings.lost.add(missing - evicted);
      findings.tell(missing + " entries are missing, only " + evicted + " were evicted");
    }
  }

  private long takeEvicted() {
    long now = cache.stats().evicted();
    long evicted = evictedBefore + now - evictedSeen;
    evictedBefore = 0;
    evictedSeen = now;
    return evicted;
  }

  public long wrong() {
    return findings.wrong.sum();
  }

  public long lost() {
    return findings.lost.sum();
  }

  public long kept() {
    return findings.kept.sum();
  }

  public long dropped() {
    return findings.dropped.sum();
  }

  /** Closes the store; it may be opened again. */
  public void closeStore() {
    if (cache != null) {
      evictedBefore = takeEvicted();
      cache.close();
      cache = null;
    }
    evictedSeen = 0;
  }

  @Override
  public void close() throws IOException {
    closeStore();
    oracle.close();
  }
}
