package dev.askonce.redis.internal.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a snapshot of a scope's log consists of, so that a reader knows whether it has all of it.
 *
 * @param generation which snapshot of this scope
 * @param chunkCount how many {@link SnapshotChunks chunks} there are, numbered from 0
 * @param recordCount how many records there are in all chunks
 * @param byteSum the length of all records
 * @param covers the position in the stream from which on it has to be read after the snapshot
 */
public record SnapshotManifest(
    long generation, int chunkCount, long recordCount, long byteSum, Position covers) {
  private static final int BYTES = Integer.BYTES + 5 * Long.BYTES;

  /** {@return this manifest as it is kept under a key of the server; it opens under no other} */
  public byte[] seal(Sealer sealer, String key) {
    byte[] body =
        ByteBuffer.allocate(BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(generation)
            .putInt(chunkCount)
            .putLong(recordCount)
            .putLong(byteSum)
            .putLong(covers.idMillis())
            .putLong(covers.idSequence())
            .array();
    return sealer.wrap(Sealer.MANIFEST, key, body).bytes();
  }

  /**
   * {@return the manifest that was found under a key; empty if it was not sealed for that key by
   * this installation with the same embedder, or is of a later version}
   */
  public static Optional<SnapshotManifest> open(Sealer sealer, String key, byte[] sealed) {
    return open(sealer, key, sealed, Sealer.Unwrapped::sameVectors);
  }

  /** {@return the same, of whatever embedder} */
  public static Optional<SnapshotManifest> openAny(Sealer sealer, String key, byte[] sealed) {
    return open(sealer, key, sealed, found -> true);
  }

  private static Optional<SnapshotManifest> open(
      Sealer sealer, String key, byte[] sealed, Predicate<Sealer.Unwrapped> wanted) {
    return sealer
        .unwrap(key, sealed)
        .filter(found -> found.kind() == Sealer.MANIFEST && wanted.test(found))
        .map(Sealer.Unwrapped::body)
        .filter(body -> body.length == BYTES)
        .map(body -> read(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN)))
        .filter(SnapshotManifest::isPossible);
  }

  private static SnapshotManifest read(ByteBuffer in) {
    return new SnapshotManifest(
        in.getLong(),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        new Position(in.getLong(), in.getLong()));
  }

  private boolean isPossible() {
    return chunkCount >= 0 && recordCount >= 0 && byteSum >= 0;
  }
}
