package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Route;
import dev.askonce.engine.internal.store.MasterKey;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Judge;
import dev.askonce.engine.spi.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** What the operator set; validated by the builder. */
public record CacheSettings(
    Path directory,
    Optional<Embedder> embedder,
    int dimension,
    String vectorFingerprint,
    double threshold,
    double wrongShareMax,
    Duration ttl,
    Duration ttlMax,
    int entriesMax,
    int entriesMaxOfTenant,
    int entriesMaxOfPrincipal,
    long bytesMax,
    int answerBytesMax,
    int textCharsMax,
    boolean storeTexts,
    int searchBeam,
    Duration embedTimeout,
    Duration readTimeout,
    DecisionPolicy policy,
    Map<String, Route> routes,
    Optional<Judge> judge,
    InstantSource clock,
    boolean startFresh,
    Optional<byte[]> encryptionKey,
    Optional<Replication> replication) {
  public static final int ENCRYPTION_KEY_BYTES = MasterKey.BYTES;

  /** What a frame adds to an answer, and what a prompt card may take beside its text. */
  private static final int FRAME_BYTES = 1_024;

  private static final int UTF8_BYTES_MAX = 4;

  private static final int SHARD_ENTRIES_MAX = 16_384;
  private static final int SHARD_ENTRIES_MIN = 1_024;

  /** {@return entries of average size that a shard of answers has room for} */
  int shardEntries() {
    return Math.clamp(entriesMax, SHARD_ENTRIES_MIN, SHARD_ENTRIES_MAX);
  }

  /** {@return the largest frame of an answer or of a card} */
  int frameBytesMax() {
    return Math.max(answerBytesMax, UTF8_BYTES_MAX * textCharsMax) + FRAME_BYTES;
  }

  /** {@return the most bytes that one entry takes of {@code bytesMax}} */
  public long entryBytesMax() {
    long textBytes = storeTexts ? (long) UTF8_BYTES_MAX * textCharsMax : 0;
    return answerBytesMax + textBytes + 2L * FRAME_BYTES + SlotRecord.entryBytes(dimension);
  }
}
