package dev.askonce.bench.soak;

import dev.askonce.bench.crash.Truth;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * One writer and any number of readers of a full cache, and what a right answer is. The clock goes
 * on by a second with each put, so that what has expired is known.
 */
final class Traffic {
  /** Keys from which entries are drawn, as a multiple of the entries. */
  private static final int KEYS_FACTOR = 3;

  private static final int FAMILY = 4;
  private static final int SCOPES = 4;
  private static final long STEP_MILLIS = 1_000;
  private static final int READ_BACK_ODDS = 8;
  private static final LookupOptions EXACT = LookupOptions.DEFAULTS.exactOnly(true);

  private final SemanticCache cache;
  private final Truth truth;
  private final int entries;
  private final int keys;
  private final AtomicLong nowMillis;

  /** Of each key, the newest version whose put has begun, and the newest whose put has returned. */
  private final AtomicLongArray begun;

  private final AtomicLongArray done;
  private long version;

  final LongAdder wrong = new LongAdder();
  final LongAdder lookups = new LongAdder();
  final LongAdder hits = new LongAdder();
  long kept;
  long lost;
  volatile String firstWrong = "";

  Traffic(SemanticCache cache, Truth truth, int entries, AtomicLong nowMillis) {
    this.cache = cache;
    this.truth = truth;
    this.entries = entries;
    this.nowMillis = nowMillis;
    keys = entries * KEYS_FACTOR / FAMILY * FAMILY;
    begun = new AtomicLongArray(keys);
    done = new AtomicLongArray(keys);
  }

  long puts() {
    return version;
  }

  /** Families stay together. */
  private static int scope(int key) {
    return key / FAMILY % SCOPES;
  }

  /** Puts a random key, half of them with a time to live that ends before they are evicted. */
  void put(Random random) {
    nowMillis.addAndGet(STEP_MILLIS);
    int key = random.nextInt(keys);
    long next = ++version;
    begun.set(key, next);
    long ttl = STEP_MILLIS * (random.nextBoolean() ? 1 + random.nextInt(entries) : 10L * entries);
    Optional<EntryId> id =
        cache.put(
            Truth.scope(scope(key)),
            Truth.text(key),
            truth.answer(scope(key), key, next),
            PutOptions.DEFAULTS.ttl(Duration.ofMillis(ttl)));
    if (id.isEmpty()) {
      return;
    }
    done.set(key, next);
    if (random.nextInt(READ_BACK_ODDS) == 0) {
      // The clock stands still until the next put, so it cannot have expired.
      if (ask(key, true).isPresent()) {
        kept++;
      } else {
        lost++;
      }
    }
  }

  void read(Random random) {
    ask(random.nextInt(keys), false);
  }

  private Optional<Hit> ask(int key, boolean exact) {
    long[] before = new long[FAMILY];
    int first = key / FAMILY * FAMILY;
    for (int i = 0; i < FAMILY; i++) {
      before[i] = done.get(first + i);
    }
    long since = nowMillis.get();
    Optional<Hit> hit =
        cache
            .lookup(
                Truth.scope(scope(key)), Truth.text(key), exact ? EXACT : LookupOptions.DEFAULTS)
            .hit();
    lookups.increment();
    if (hit.isPresent()) {
      hits.increment();
      judge(hit.get(), key, before, since);
    }
    return hit;
  }

  private void judge(Hit hit, int key, long[] before, long since) {
    Optional<Truth.Claim> claim = truth.claim(hit.answer());
    boolean right =
        claim.isPresent()
            && claim.get().scope() == scope(key)
            && Truth.isFamily(claim.get().key(), key)
            && (claim.get().key() == key || hit.kind() == HitKind.SEMANTIC)
            && claim.get().version() >= before[claim.get().key() % FAMILY]
            && claim.get().version() <= begun.get(claim.get().key())
            && hit.expires().toEpochMilli() > since;
    if (!right) {
      wrong.increment();
      firstWrong = "key " + key + " got " + claim + " that expires at " + hit.expires();
    }
  }
}
