package dev.askonce.bench.crash;

import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.SemanticCache;
import java.util.Optional;
import java.util.function.Supplier;

/** Lookups that are compared with the oracle. Thread-safe. */
final class Asking {
  private static final LookupOptions EXACT = LookupOptions.DEFAULTS.exactOnly(true);

  private final Truth truth;
  private final Oracle oracle;
  private final Findings findings;

  Asking(Truth truth, Oracle oracle, Findings findings) {
    this.truth = truth;
    this.oracle = oracle;
    this.findings = findings;
  }

  /** Asks by text in the exact tier alone. */
  Optional<Hit> exact(SemanticCache cache, int scope, int key) {
    return ask(scope, key, () -> cache.lookup(Truth.scope(scope), Truth.text(key), EXACT));
  }

  /** Asks by text in both tiers. */
  Optional<Hit> text(SemanticCache cache, int scope, int key) {
    return ask(scope, key, () -> cache.lookup(Truth.scope(scope), Truth.text(key)));
  }

  Optional<Hit> vector(SemanticCache cache, int scope, int key) {
    float[] vector = truth.vector(key);
    return ask(scope, key, () -> cache.lookup(Truth.scope(scope), vector, LookupOptions.DEFAULTS));
  }

  private Optional<Hit> ask(int scope, int key, Supplier<Lookup> lookup) {
    long since = oracle.length();
    long sinceMillis = System.currentTimeMillis();
    Optional<Hit> hit = lookup.get().hit();
    findings.lookups.increment();
    hit.ifPresent(
        found -> {
          findings.hits.increment();
          fault(found, scope, key, since, sinceMillis)
              .ifPresent(
                  fault -> findings.wrong("key " + key + " in scope " + scope + " got " + fault));
        });
    return hit;
  }

  private Optional<String> fault(Hit hit, int scope, int key, long since, long sinceMillis) {
    Optional<Truth.Claim> claim = truth.claim(hit.answer());
    if (claim.isEmpty()) {
      return Optional.of("bytes that nobody put");
    } else if (hit.kind() == HitKind.EXACT && claim.get().key() != key) {
      return Optional.of("as exact, the answer of key " + claim.get().key());
    }
    return oracle.fault(claim.get(), hit, scope, key, since, sinceMillis);
  }

  /** {@return the key that a hit's answer was put under, or -1} */
  int key(Hit hit) {
    return truth.claim(hit.answer()).map(Truth.Claim::key).orElse(-1);
  }

  /** {@return the version that a hit is of, which was found right} */
  long version(Hit hit) {
    return truth.claim(hit.answer()).map(Truth.Claim::version).orElse(-1L);
  }
}
