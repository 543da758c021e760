package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The keyed hashes of the scopes used last. A service asks in few scopes, and the keyed hash of one
 * with a long system prompt takes longer than the search; comparing all of its bytes does not.
 */
final class ScopeHashes {
  /** At most this many scopes are kept. */
  private static final int SIZE = 256;

  /** Longer scopes, with a whole conversation in them, are hashed each time. */
  private static final int SCOPE_BYTES_MAX = 64 * 1024;

  record Known(Scope scope, Hash128 hash, long tenant) {}

  private final KeyedHash keyedHash;
  private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(SIZE);

  ScopeHashes(KeyedHash keyedHash) {
    this.keyedHash = keyedHash;
  }

  Known of(Scope scope) {
    int hash = scope.hashCode();
    int index = (hash ^ hash >>> 16) & (SIZE - 1);
    Known found = known.getAcquire(index);
    if (found != null && found.scope().equals(scope)) {
      return found;
    }
    Known made = new Known(scope, keyedHash.scope(scope), tenant(scope.tenant()));
    if (scope.bytes() <= SCOPE_BYTES_MAX) {
      known.setRelease(index, made);
    }
    return made;
  }

  long tenant(String name) {
    return keyedHash.name("tenant", name);
  }
}
