package dev.askonce.bench.crash;

import dev.askonce.bench.crash.Event.Group;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Threads that put, replace, look up and invalidate at random until the process ends, while the
 * store is closed and opened again under their hands.
 */
final class Workload {
  static final int THREADS = 3;

  private static final int TAGS = 8;
  private static final int WRITERS = 4;
  private static final int SHORT_TTL_PERCENT = 12;
  private static final int SHORT_TTL_MILLIS_MAX = 3_000;
  private static final long LONG_TTL_MILLIS = Duration.ofHours(20).toMillis();
  private static final int FORCE_ODDS = 2_000;

  /** So few, since two texts that were reported never meet again. */
  private static final int REPORT_ODDS = 4;

  private static final long WAIT_NANOS = 200_000;

  private final Profile profile;
  private final Truth truth;
  private final Oracle oracle;
  private final Asking asking;
  private final Findings findings;
  private final Consumer<Throwable> failures;
  private final AtomicLongArray operations = new AtomicLongArray(THREADS);
  private final AtomicInteger nextVectorKey;
  private volatile SemanticCache cache;

  Workload(
      SemanticCache cache,
      Profile profile,
      Truth truth,
      Oracle oracle,
      Asking asking,
      Findings findings,
      Consumer<Throwable> failures) {
    this.cache = cache;
    this.profile = profile;
    this.truth = truth;
    this.oracle = oracle;
    this.asking = asking;
    this.findings = findings;
    this.failures = failures;
    nextVectorKey = new AtomicInteger(oracle.nextVectorKey());
  }

  void start(long seed) {
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread.ofPlatform()
          .daemon()
          .name("crash-" + i)
          .start(() -> run(number, new Random(seed * 31 + number)));
    }
  }

  /** Goes on with another opening of the same store. */
  void goOn(SemanticCache reopened) {
    cache = reopened;
  }

  /** {@return operations of each thread so far} */
  long[] operations() {
    return IntStream.range(0, THREADS).mapToLong(operations::get).toArray();
  }

  private void run(int number, Random random) {
    while (true) {
      SemanticCache current = cache;
      try {
        operate(current, number, random);
        operations.incrementAndGet(number);
      } catch (CacheException.Closed e) {
        // What was begun stays uncertain.
        while (cache == current) {
          LockSupport.parkNanos(WAIT_NANOS);
        }
      } catch (RuntimeException | Error e) {
        failures.accept(e);
        return;
      }
    }
  }

  private void operate(SemanticCache current, int number, Random random) {
    int dice = random.nextInt(100);
    int scope = random.nextInt(3) == 0 ? 0 : random.nextInt(Profile.SCOPES);
    int key = random.nextInt(profile.keys(scope));
    // Every key belongs to one thread, so that its puts come one after another.
    int own = key - key % THREADS + number;
    if (random.nextInt(profile.groupOdds) == 0) {
      invalidateGroup(current, random);
    } else if (random.nextInt(FORCE_ODDS) == 0) {
      current.force();
    } else if (dice < 45) {
      put(current, scope, own, random);
    } else if (dice < 55) {
      putVector(current, Math.max(scope, 1), random);
    } else if (dice < 70) {
      ownLookup(current, scope, own);
    } else if (dice < 80) {
      Optional<Hit> hit = asking.text(current, scope, key);
      if (hit.isPresent() && random.nextInt(REPORT_ODDS) == 0) {
        report(current, scope, hit.get(), number);
      }
    } else if (dice < 93) {
      asking.vector(current, scope, key);
    } else {
      invalidate(current, scope, own);
    }
  }

  private PutOptions options(Version version) {
    List<String> tags = new ArrayList<>();
    for (int tag = 0; tag < TAGS; tag++) {
      if ((version.tags >> tag & 1) == 1) {
        tags.add("tag-" + tag);
      }
    }
    return PutOptions.DEFAULTS
        .ttl(Duration.ofMillis(version.ttlMillis))
        .tags(tags.toArray(String[]::new))
        .provenance("writer-" + version.writer)
        .savedNanoDollars(version.number);
  }

  private void put(SemanticCache current, int scope, int key, Random random) {
    Version version = begin(scope, key, random);
    done(
        version,
        current.put(
            Truth.scope(scope),
            Truth.text(key),
            truth.answer(scope, key, version.number),
            options(version)));
  }

  private void putVector(SemanticCache current, int scope, Random random) {
    Version oldest = oracle.oldestVector(Profile.VECTORS);
    if (oldest != null) {
      invalidate(current, oldest);
    }
    int key = nextVectorKey.getAndIncrement();
    Version version = begin(scope, key, random);
    done(
        version,
        current.put(
            Truth.scope(scope),
            truth.vector(key),
            truth.answer(scope, key, version.number),
            options(version)));
  }

  private Version begin(int scope, int key, Random random) {
    // An entry has two tags at most, seldom any.
    int tags = random.nextInt(4) > 0 ? 0 : 1 << random.nextInt(TAGS) | 1 << random.nextInt(TAGS);
    long ttl =
        random.nextInt(100) < SHORT_TTL_PERCENT
            ? 1 + random.nextInt(SHORT_TTL_MILLIS_MAX)
            : LONG_TTL_MILLIS;
    return oracle.beginPut(scope, key, tags, random.nextInt(WRITERS), ttl);
  }

  private void done(Version version, Optional<EntryId> id) {
    if (id.isPresent()) {
      oracle.donePut(version, id.get());
    } else if (!oracle.droppedPut(version)) {
      findings.dropped();
    }
  }

  /** Nobody else replaces it, so what is certain before and after must be found. */
  private void ownLookup(SemanticCache current, int scope, int key) {
    List<Version> before = oracle.present(scope, key);
    Optional<Hit> hit = asking.exact(current, scope, key);
    long now = System.currentTimeMillis();
    for (Version version : before) {
      if (hit.isEmpty() && !profile.evicts() && oracle.isCertain(version, now)) {
        findings.lost(version + " while the store was open");
        oracle.missed(version);
      }
    }
  }

  private void invalidate(SemanticCache current, int scope, int key) {
    for (Version version : oracle.present(scope, key)) {
      invalidate(current, version);
    }
  }

  private void invalidate(SemanticCache current, Version version) {
    if (version.id.isPresent()) {
      long number = oracle.beginGone(version);
      current.invalidate(version.id.get());
      oracle.doneGone(number);
    }
  }

  /** Reports a hit by similarity as wrong, where its entry is this thread's to remove. */
  private void report(SemanticCache current, int scope, Hit hit, int number) {
    int key = asking.key(hit);
    if (hit.kind() == HitKind.SEMANTIC && key % THREADS == number) {
      for (Version version : oracle.present(scope, key)) {
        if (version.id.equals(Optional.of(hit.id()))) {
          long gone = oracle.beginGone(version);
          current.wrong(hit.hitId());
          oracle.doneGone(gone);
        }
      }
    }
  }

  private void invalidateGroup(SemanticCache current, Random random) {
    Group group = Group.values()[1 + random.nextInt(Group.values().length - 1)];
    int which =
        switch (group) {
          case ENTRY -> throw new AssertionError();
          case TAG -> random.nextInt(TAGS);
          case WRITER -> random.nextInt(WRITERS);
          case SCOPE, TENANT -> random.nextInt(Profile.SCOPES);
        };
    long number = oracle.beginGone(group, which);
    switch (group) {
      case ENTRY -> throw new AssertionError();
      case TAG -> current.invalidateTag("tag-" + which);
      case WRITER -> current.invalidateProvenance("writer-" + which);
      case SCOPE -> current.invalidateScope(Truth.scope(which));
      case TENANT -> current.invalidateTenant(Truth.tenant(which));
    }
    oracle.doneGone(number);
  }
}
