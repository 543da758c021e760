package dev.askonce.engine.spi;

/**
 * Entries that are no longer wanted, named by keyed hashes: all that match and are not newer than
 * the removal go, wherever they are and whenever they arrive.
 *
 * @param kind what the entries have in common
 * @param scope of {@link Kind#ENTRY} and {@link Kind#SCOPE}; else {@link Hash128#ZERO}
 * @param key of {@link Kind#ENTRY}; else {@link Hash128#ZERO}
 * @param name keyed hash of the tag, tenant or principal; 0 for the other kinds
 * @param version the highest {@linkplain ReplicaEntry#version version} that goes, in milliseconds
 *     since 1970
 */
public record Removal(Kind kind, Hash128 scope, Hash128 key, long name, long version) {
  /** What the entries of a removal have in common. */
  public enum Kind {
    ENTRY,
    SCOPE,
    TAG,
    TENANT,
    PRINCIPAL
  }

  /** {@return the removal of one entry} */
  public static Removal entry(Hash128 scope, Hash128 key, long version) {
    return new Removal(Kind.ENTRY, scope, key, 0, version);
  }

  /** {@return the removal of all entries of a scope} */
  public static Removal scope(Hash128 scope, long version) {
    return new Removal(Kind.SCOPE, scope, Hash128.ZERO, 0, version);
  }

  /**
   * {@return the removal of all entries with a tag, of a tenant or of a principal}
   *
   * @param name its keyed hash
   */
  public static Removal named(Kind kind, long name, long version) {
    return new Removal(kind, Hash128.ZERO, Hash128.ZERO, name, version);
  }

  /** {@return whether an entry goes} */
  public boolean covers(ReplicaEntry entry) {
    return entry.version() <= version
        && switch (kind) {
          case ENTRY -> scope.equals(entry.scope()) && key.equals(entry.key());
          case SCOPE -> scope.equals(entry.scope());
          case TAG -> entry.hasTag(name);
          case TENANT -> name == entry.tenant();
          case PRINCIPAL -> name == entry.principal();
        };
  }
}
