package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.redis.internal.log.Opening.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Seals what caches of one installation tell each other, and opens what arrives: AES-256 in GCM
 * (NIST SP 800-38D), under keys that are derived from the installation's secret. Who can write to
 * the server can withhold records or repeat them; they cannot read, change or make one, nor move
 * one to another stream.
 *
 * <pre>
 *  0  magic    u32       "AOL1", little-endian as all numbers
 *  4  version  u8        1
 *  5  kind     u8        of the record
 *  6  reserved u16       0
 *  8  origin   16 bytes  random, of the sealer that made this
 * 24  counter  u64       counts the origin's records
 * 32  vectors  u64       keyed hash of the embedder's fingerprint and the dimension
 * 40  body               encrypted
 * end tag      16 bytes  of body, header and the stream's name
 * </pre>
 *
 * <p>Each origin has a key of its own and counts its nonces, so that no nonce is used twice under
 * one key as long as origins differ: they are 128 random bits, made with the sealer.
 *
 * <p>Thread-safe, without a lock but for the derivation of keys.
 */
public final class Sealer {
  /** The longest sealed record; the largest that an engine can put is a little over 3 MB. */
  public static final int SEALED_BYTES_MAX = 4 << 20;

  /** The kind of a {@link SnapshotManifest}, which no stream has. */
  static final int MANIFEST = 32;

  static final int HEADER_BYTES = 40;

  private static final int VECTORS = 32;
  private static final int MAGIC = 0x314C4F41;
  private static final int VERSION = 1;

  private final SealKeys keys;
  private final long vectors;
  private final int dimension;
  private final Hash128 origin;
  private final AtomicLong counter = new AtomicLong();

  /** Sealed bytes and their number. */
  public record Sealed(long counter, byte[] bytes) {}

  /** What {@link #unwrap} found. */
  record Unwrapped(int kind, Hash128 origin, long counter, boolean sameVectors, byte[] body) {}

  /**
   * @param secret of the installation, {@link KeyedHash#SECRET_BYTES} bytes
   * @param vectorFingerprint what makes the vectors
   * @param dimension of the vectors
   */
  public Sealer(byte[] secret, String vectorFingerprint, int dimension) {
    this(secret, vectorFingerprint, dimension, random());
  }

  /** For records that are the same each time: an origin must never seal twice. */
  Sealer(byte[] secret, String vectorFingerprint, int dimension, Hash128 origin) {
    keys = new SealKeys(secret);
    vectors = new KeyedHash(secret).name("log vectors", dimension + " " + vectorFingerprint);
    this.dimension = dimension;
    this.origin = origin;
  }

  private static Hash128 random() {
    SecureRandom random = new SecureRandom();
    return new Hash128(random.nextLong(), random.nextLong());
  }

  /** {@return the name of this sealer in all that it seals} */
  public Hash128 origin() {
    return origin;
  }

  /** {@return the keyed hash of what makes the vectors, which all that this seals names} */
  public long vectors() {
    return vectors;
  }

  /**
   * {@return a record as it is written to a stream}
   *
   * @throws IllegalArgumentException if no reader would take it: it belongs to another scope than
   *     the stream, or is longer than {@link #SEALED_BYTES_MAX}
   */
  public Sealed seal(LogStream stream, LogRecord record) {
    if (!stream.admits(record)) {
      throw new IllegalArgumentException("the record is of another scope than " + stream.name());
    }
    return wrap(RecordCodec.kind(record), stream.name(), RecordCodec.encode(record));
  }

  /**
   * {@return what arrived on a stream} Removals and calls are opened whatever made the vectors:
   * they name none, and what one cache was told to forget the others must forget as well.
   */
  public Opening open(LogStream stream, byte[] sealed) {
    return open(stream, sealed, false);
  }

  /**
   * {@return what arrived on a stream, for one who keeps it for others: never {@code
   * FOREIGN_EMBEDDER}} {@link #vectorsOf} tells records of different embedders apart.
   */
  public Opening openOfAny(LogStream stream, byte[] sealed) {
    return open(stream, sealed, true);
  }

  private Opening open(LogStream stream, byte[] sealed, boolean ofAny) {
    if (isNewer(sealed)) {
      return skipped(Reason.NEWER_FORMAT);
    }
    Unwrapped unwrapped = unwrap(stream.name(), sealed).orElse(null);
    if (unwrapped == null || unwrapped.kind == MANIFEST) {
      return skipped(Reason.UNSEALED);
    }
    if (!RecordCodec.isKind(unwrapped.kind)) {
      return skipped(Reason.NEWER_FORMAT);
    }
    boolean isOurs = unwrapped.sameVectors || !hasVectors(unwrapped.kind);
    if (!isOurs && !ofAny) {
      return skipped(Reason.FOREIGN_EMBEDDER);
    }
    int itsDimension = isOurs ? dimension : RecordCodec.ANY_DIMENSION;
    return RecordCodec.decode(unwrapped.kind, unwrapped.body, itsDimension)
        .filter(stream::admits)
        .<Opening>map(record -> new Opening.Opened(unwrapped.origin, unwrapped.counter, record))
        .orElseGet(() -> skipped(Reason.UNSEALED));
  }

  /** {@return the keyed hash of what made the vectors of a record that was opened} */
  public static long vectorsOf(byte[] sealed) {
    return header(sealed).getLong(VECTORS);
  }

  private static boolean hasVectors(int kind) {
    return kind != RecordCodec.REMOVE && kind != RecordCodec.CALL;
  }

  /**
   * What sealed bytes are, for one who does not know the embedder.
   *
   * @param trouble why they are nothing of ours; empty if the seal holds
   * @param vectors keyed hash of what made the vectors; empty where that does not matter
   */
  public record Glance(Optional<Reason> trouble, OptionalLong vectors) {
    /**
     * {@return whether it is worth keeping: a cache of this installation takes it, now or later}
     */
    public boolean isOfInstallation() {
      return trouble.isEmpty() || trouble.get() != Reason.UNSEALED;
    }

    private static Glance of(Reason reason) {
      return new Glance(Optional.of(reason), OptionalLong.empty());
    }
  }

  /**
   * {@return what arrived on a stream, whatever made its vectors; never {@code FOREIGN_EMBEDDER}}
   */
  public Glance glance(LogStream stream, byte[] sealed) {
    if (isNewer(sealed)) {
      return Glance.of(Reason.NEWER_FORMAT);
    }
    Unwrapped unwrapped = unwrap(stream.name(), sealed).orElse(null);
    if (unwrapped == null || unwrapped.kind == MANIFEST) {
      return Glance.of(Reason.UNSEALED);
    }
    if (!RecordCodec.isKind(unwrapped.kind)) {
      return Glance.of(Reason.NEWER_FORMAT);
    }
    return new Glance(
        Optional.empty(),
        hasVectors(unwrapped.kind) ? OptionalLong.of(vectorsOf(sealed)) : OptionalLong.empty());
  }

  private static Opening skipped(Reason reason) {
    return new Opening.Skipped(reason);
  }

  /** {@return whether a later version of this format begins so} */
  static boolean isNewer(byte[] sealed) {
    return sealed.length >= HEADER_BYTES
        && header(sealed).getInt(0) == MAGIC
        && (sealed[4] & 0xFF) > VERSION;
  }

  private static ByteBuffer header(byte[] sealed) {
    return ByteBuffer.wrap(sealed).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return a body under a header of this sealer, for one place only} */
  Sealed wrap(int kind, String place, byte[] body) {
    long length = (long) HEADER_BYTES + body.length + SealKeys.TAG_BYTES;
    if (length > SEALED_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a record of " + length + " bytes is longer than " + SEALED_BYTES_MAX);
    }
    byte[] sealed = new byte[(int) length];
    long number = counter.incrementAndGet();
    header(sealed)
        .putInt(MAGIC)
        .put((byte) VERSION)
        .put((byte) kind)
        .putShort((short) 0)
        .putLong(origin.high())
        .putLong(origin.low())
        .putLong(number)
        .putLong(vectors);
    keys.seal(origin, number, place, sealed, body);
    return new Sealed(number, sealed);
  }

  /** {@return what was sealed for this place, if it was and nothing was changed} */
  Optional<Unwrapped> unwrap(String place, byte[] sealed) {
    if (sealed.length < HEADER_BYTES + SealKeys.TAG_BYTES || sealed.length > SEALED_BYTES_MAX) {
      return Optional.empty();
    }
    ByteBuffer in = header(sealed);
    if (in.getInt() != MAGIC || in.get() != VERSION) {
      return Optional.empty();
    }
    int kind = in.get() & 0xFF;
    // Reserved: its value is protected by the tag, and of no meaning here.
    in.getShort();
    Hash128 itsOrigin = new Hash128(in.getLong(), in.getLong());
    long number = in.getLong();
    boolean sameVectors = in.getLong() == vectors;
    return keys.open(itsOrigin, number, place, sealed)
        .map(body -> new Unwrapped(kind, itsOrigin, number, sameVectors, body));
  }
}
