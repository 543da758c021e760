package dev.askonce.engine;

import dev.askonce.engine.spi.KeyedHash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * The hard partition that an entry belongs to: a tenant and everything else that must be equal
 * before similarity counts. Two lookups share entries only if tenant and all fields are equal, in
 * the same order.
 *
 * <p>Immutable and thread-safe. The fields are kept length-prefixed, so that no choice of names and
 * values can make two different scopes alike.
 */
public final class Scope {
  private static final String SHARED_TENANT = "";

  private final String tenant;
  private final byte[] canonical;

  private Scope(String tenant, byte[] canonical) {
    this.tenant = tenant;
    this.canonical = canonical;
  }

  /**
   * {@return the scope of one tenant, without further fields}
   *
   * @param tenant the name that separates customers; not blank
   */
  public static Scope tenant(String tenant) {
    if (tenant.isBlank()) {
      throw new CacheException.InvalidOption(
          "a scope needs a tenant; say Scope.shared() if every caller may see the answers");
    }
    return new Scope(tenant, append(new byte[0], "tenant", KeyedHash.bytes(tenant)));
  }

  /** {@return the scope whose entries every caller of this cache may see} */
  public static Scope shared() {
    return new Scope(SHARED_TENANT, append(new byte[0], "shared", new byte[0]));
  }

  /** {@return this scope narrowed by one more field that must be equal} */
  public Scope with(String name, String value) {
    return with(name, KeyedHash.bytes(value));
  }

  /** {@return this scope narrowed by one more field that must be equal} */
  public Scope with(String name, byte[] value) {
    Objects.requireNonNull(value, name);
    return new Scope(tenant, append(canonical, name, value));
  }

  /** {@return the tenant, or the empty string for the shared scope} */
  public String tenant() {
    return tenant;
  }

  /** {@return a copy of the canonical form: each name and value with its length before it} */
  public byte[] canonical() {
    return canonical.clone();
  }

  /** {@return the length of the canonical form} */
  public int bytes() {
    return canonical.length;
  }

  private static byte[] append(byte[] head, String name, byte[] value) {
    byte[] nameBytes = KeyedHash.bytes(name);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(head.length + nameBytes.length + value.length + 8);
    out.writeBytes(head);
    out.writeBytes(ByteBuffer.allocate(4).putInt(nameBytes.length).array());
    out.writeBytes(nameBytes);
    out.writeBytes(ByteBuffer.allocate(4).putInt(value.length).array());
    out.writeBytes(value);
    return out.toByteArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Scope scope && Arrays.equals(canonical, scope.canonical);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(canonical);
  }

  /** {@return the tenant only: fields may hold prompts and do not belong into logs} */
  @Override
  public String toString() {
    return tenant.isEmpty() ? "Scope[shared]" : "Scope[tenant=" + tenant + "]";
  }
}
