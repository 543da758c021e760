package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.fuzz.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A plain map of what a cache may answer with. It does not know whom the cache evicts: an entry
 * that a lookup should have found and did not is gone for good, and there may be no more such than
 * were evicted.
 */
final class KnownEntries {
  /**
   * What was put.
   *
   * @param text null where it was put by vector
   * @param meaning the text whose vector it has; no two texts have similar ones
   */
  record Known(
      Scope scope, String text, String meaning, Answer answer, long expires, PutOptions options) {}

  private final Map<EntryId, Known> entries = new HashMap<>();
  private long evicted;
  private long lost;

  KnownEntries copy() {
    KnownEntries copy = new KnownEntries();
    copy.entries.putAll(entries);
    copy.evicted = evicted;
    copy.lost = lost;
    return copy;
  }

  /** Counts what was evicted until a close. */
  void addEvicted(long count) {
    evicted += count;
  }

  void put(
      EntryId id,
      Scope scope,
      String text,
      String meaning,
      Answer answer,
      long expires,
      PutOptions options) {
    if (text != null) {
      entries.values().removeIf(e -> e.scope.equals(scope) && text.equals(e.text));
    }
    Known before = entries.put(id, new Known(scope, text, meaning, answer, expires, options));
    Target.require(before == null, "an id was given twice");
  }

  boolean has(EntryId id) {
    return entries.containsKey(id);
  }

  void remove(EntryId id) {
    entries.remove(id);
  }

  /** Forgets what was invalidated, which was so much. */
  void invalidated(long removed, Predicate<Known> which) {
    long most = entries.values().stream().filter(which).count();
    entries.values().removeIf(which);
    Target.require(removed <= most, removed + " of at most " + most + " invalidated");
  }

  /** Fails where a lookup was answered with what it may not be. */
  void check(Scope scope, String text, boolean byText, Lookup lookup, long now) {
    if (lookup.isHit()) {
      requireRight(lookup.hit().orElseThrow(), scope, text, byText, now);
      return;
    }
    forget(e -> e.scope.equals(scope) && e.meaning.equals(text) && e.expires > now);
  }

  private void requireRight(Hit hit, Scope scope, String text, boolean byText, long now) {
    Known entry = entries.get(hit.id());
    Target.require(entry != null, "an entry that is gone, or never was");
    Target.require(entry.expires > now, "an entry whose time is over");
    Target.require(entry.expires == hit.expires().toEpochMilli(), "another time to live");
    Target.require(entry.scope.equals(scope), "an entry of another scope");
    Target.require(entry.answer.equals(hit.answer()), "another answer");
    boolean isExact = hit.kind() == HitKind.EXACT;
    Target.require(
        isExact ? byText && text.equals(entry.text) : entry.meaning.equals(text), "another text");
    if (byText && !isExact) {
      // An exact one would have come first.
      forget(e -> e.scope.equals(scope) && text.equals(e.text) && e.expires > now);
    }
  }

  private void forget(Predicate<Known> missing) {
    lost += entries.values().stream().filter(missing).count();
    entries.values().removeIf(missing);
  }

  /** Fails where more is missing than was evicted, in this opening and before. */
  void requireLost(CacheStats stats) {
    Target.require(
        lost <= evicted + stats.evicted(), lost + " entries are gone, fewer were evicted");
  }
}
