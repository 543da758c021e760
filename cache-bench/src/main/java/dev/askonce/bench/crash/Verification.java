package dev.askonce.bench.crash;

import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.SemanticCache;
import java.util.List;
import java.util.Optional;

/**
 * Asks a store that was just opened for all that may be in it. What is uncertain is settled: from
 * then on it must stay as it was found.
 */
final class Verification {
  /** Nothing but the same vector is as near. */
  private static final float SAME = 0.9999f;

  private final SemanticCache cache;
  private final boolean evicts;
  private final Truth truth;
  private final Oracle oracle;
  private final Asking asking;
  private final Findings findings;
  private final Candidates candidates = new Candidates();

  /**
   * @param evicts whether entries may be missing since others needed their room
   */
  Verification(
      SemanticCache cache,
      boolean evicts,
      Truth truth,
      Oracle oracle,
      Asking asking,
      Findings findings) {
    this.cache = cache;
    this.evicts = evicts;
    this.truth = truth;
    this.oracle = oracle;
    this.asking = asking;
    this.findings = findings;
  }

  void run() {
    for (List<Version> versions : oracle.present()) {
      if (versions.getFirst().hasText()) {
        text(versions);
      } else {
        versions.forEach(this::vector);
      }
    }
  }

  /** Asks for keys that are not there as well: their siblings may answer, and nobody else. */
  void strangers(Profile profile) {
    for (int scope = 0; scope < Profile.SCOPES; scope++) {
      for (int key = 0; key < profile.keys(scope); key += 3) {
        asking.vector(cache, scope, key);
      }
      asking.text(cache, scope, profile.keys(scope) + 1);
    }
  }

  /** A text has one entry at most. */
  private void text(List<Version> versions) {
    Version any = versions.getFirst();
    Optional<Hit> hit = asking.exact(cache, any.scope, any.key);
    long number = hit.map(asking::version).orElse(-1L);
    for (Version version : versions) {
      if (version.number == number) {
        found(version, hit.get());
      } else {
        missed(version);
      }
    }
  }

  /** Keys without a text are put once, but several have the same vector. */
  private void vector(Version version) {
    Optional<Hit> hit = asking.vector(cache, version.scope, version.key);
    if (hit.isPresent() && asking.version(hit.get()) == version.number) {
      found(version, hit.get());
    } else if (version.id.isPresent() && isNear(version, version.id.get())) {
      countKept(version);
      if (version.uncertain) {
        oracle.found(version);
      }
    } else if (version.id.isPresent() || hit.isEmpty()) {
      missed(version);
    }
  }

  private boolean isNear(Version version, EntryId id) {
    cache.nearest(
        Truth.scope(version.scope),
        truth.vector(version.key),
        SAME,
        Candidates.COUNT_MAX,
        candidates);
    for (int i = 0; i < candidates.count(); i++) {
      if (candidates.id(i).equals(id)) {
        return true;
      }
    }
    return false;
  }

  private void found(Version version, Hit hit) {
    boolean certain = oracle.isCertain(version, System.currentTimeMillis());
    countKept(version);
    if (!certain) {
      oracle.found(version, hit);
    }
  }

  private void countKept(Version version) {
    if (oracle.isCertain(version, System.currentTimeMillis())) {
      findings.kept.increment();
    }
  }

  private void missed(Version version) {
    if (oracle.isCertain(version, System.currentTimeMillis())) {
      findings.missing.increment();
      if (!evicts) {
        findings.lost(version.toString());
      }
    }
    oracle.missed(version);
  }
}
