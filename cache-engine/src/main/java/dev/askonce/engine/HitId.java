package dev.askonce.engine;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * One hit, so that it can be reported as wrong later, by whoever saw the answer: see {@link
 * SemanticCache#wrong}. As a string it fits into a header or a form.
 *
 * <p>It holds keyed hashes of this store and no text, and a signature that only the store can make:
 * nobody can report what was not served. Immutable.
 */
public final class HitId {
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 1 + 8 * Long.BYTES;
  private static final int ROUTE_BYTES_MAX = 64;

  private final EntryId entry;
  private final long tenant;
  private final Hash128 asked;
  private final Hash128 stored;
  private final long servedMillis;
  private final String route;

  /** Signs it when it is needed; null where there is a signature. */
  private final KeyedHash signer;

  private final long signature;

  /**
   * The id of a hit. For implementations of {@link SemanticCache}.
   *
   * @param tenant keyed hash of the tenant
   * @param asked keyed hash of the scope and the asked text; zero for a lookup by vector
   * @param stored keyed hash of the scope and the stored text; zero for an entry put by vector
   * @param route the name of the route that it was asked on
   */
  public HitId(
      EntryId entry,
      long tenant,
      Hash128 asked,
      Hash128 stored,
      long servedMillis,
      String route,
      KeyedHash signer) {
    this(entry, tenant, asked, stored, servedMillis, route, Objects.requireNonNull(signer), 0);
  }

  private HitId(
      EntryId entry,
      long tenant,
      Hash128 asked,
      Hash128 stored,
      long servedMillis,
      String route,
      KeyedHash signer,
      long signature) {
    this.entry = entry;
    this.tenant = tenant;
    this.asked = asked;
    this.stored = stored;
    this.servedMillis = servedMillis;
    this.route = route;
    this.signer = signer;
    this.signature = signature;
  }

  /** {@return the entry that answered} */
  public EntryId entry() {
    return entry;
  }

  public long tenant() {
    return tenant;
  }

  public Hash128 asked() {
    return asked;
  }

  public Hash128 stored() {
    return stored;
  }

  /** {@return when it was served, in milliseconds since 1970} */
  public long servedMillis() {
    return servedMillis;
  }

  public String route() {
    return route;
  }

  /** {@return whether it was made by a store with this secret, and not changed since} */
  public boolean isSignedBy(KeyedHash secret) {
    return signature() == secret.signature(unsigned());
  }

  private long signature() {
    return signer == null ? signature : signer.signature(unsigned());
  }

  private byte[] unsigned() {
    byte[] name = route.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + name.length);
    bytes.put((byte) VERSION).putLong(entry.epoch()).putLong(entry.sequence()).putLong(tenant);
    bytes.putLong(asked.high()).putLong(asked.low());
    bytes.putLong(stored.high()).putLong(stored.low());
    return bytes.putLong(servedMillis).put(name).array();
  }

  /** {@return letters, digits, minus and underscore; the same for the same hit} */
  @Override
  public String toString() {
    byte[] unsigned = unsigned();
    ByteBuffer bytes = ByteBuffer.allocate(unsigned.length + Long.BYTES);
    bytes.put(unsigned).putLong(signature());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * {@return the hit of a string} Whether the string is genuine is looked at when it is reported.
   *
   * @throws CacheException.InvalidOption if it is none of {@link #toString}
   */
  public static HitId parse(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      int nameBytes = bytes.remaining() - FIXED_BYTES - Long.BYTES;
      if (nameBytes < 0 || nameBytes > ROUTE_BYTES_MAX || bytes.get() != VERSION) {
        throw new CacheException.InvalidOption("no hit id of this version");
      }
      EntryId entry = new EntryId(bytes.getLong(), bytes.getLong());
      long tenant = bytes.getLong();
      Hash128 asked = new Hash128(bytes.getLong(), bytes.getLong());
      Hash128 stored = new Hash128(bytes.getLong(), bytes.getLong());
      long servedMillis = bytes.getLong();
      byte[] name = new byte[nameBytes];
      bytes.get(name);
      String route = new String(name, StandardCharsets.UTF_8);
      return new HitId(entry, tenant, asked, stored, servedMillis, route, null, bytes.getLong());
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new CacheException.InvalidOption("no hit id: " + e.getMessage());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HitId that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return entry.hashCode();
  }
}
