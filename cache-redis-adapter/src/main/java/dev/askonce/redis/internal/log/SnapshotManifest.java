package dev.askonce.redis.internal.log;

import dev.askonce.redis.internal.server.StreamId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

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
    long generation, int chunkCount, long recordCount, long byteSum, StreamId covers) {
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
            .putLong(covers.millis())
            .putLong(covers.sequence())
            .array();
    return sealer.wrap(Sealer.MANIFEST, key, body).bytes();
  }

  /**
   * {@return the manifest that was found under a key; empty if it was not sealed for that key by
   * this installation, or is of a later version} It is read whatever made the vectors: a snapshot
   * holds the records of every embedder, and whoever replaces it must keep them.
   */
  public static Optional<SnapshotManifest> open(Sealer sealer, String key, byte[] sealed) {
    return sealer
        .unwrap(key, sealed)
        .filter(found -> found.kind() == Sealer.MANIFEST)
        .map(Sealer.Unwrapped::body)
        .filter(body -> body.length == BYTES)
        .map(body -> read(ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN)))
        .filter(SnapshotManifest::isPossible);
  }

  /** {@return whether a later version of this format wrote what was found under a key} */
  public static boolean isNewer(byte[] sealed) {
    return Sealer.isNewer(sealed);
  }

  private static SnapshotManifest read(ByteBuffer in) {
    return new SnapshotManifest(
        in.getLong(),
        in.getInt(),
        in.getLong(),
        in.getLong(),
        new StreamId(in.getLong(), in.getLong()));
  }

  private boolean isPossible() {
    return chunkCount >= 0 && recordCount >= 0 && byteSum >= 0;
  }
}
