package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.Hit;
import dev.askonce.engine.HitId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.Withheld;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Gate;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.ChronicleResponseStore;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.StoreDirectory;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.LoadLease;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link SemanticCache} in this process: validation, the order of the stages, and their clocks.
 */
public final class LocalSemanticCache implements SemanticCache {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSemanticCache.class);

  /** Slots of a store whose records are read, and answers recovered, before it is open. */
  private static final int SLOTS_READ_FIRST = 131_072;

  private final CacheSettings settings;
  private final StoreDirectory directory;
  private final Opening opening;
  private final Core core;
  private final ScopeHashes scopeHashes;
  private final KeyedHash hash;
  private final WritePath writePath;
  private final ReadPath readPath;
  private final Routes routes;
  private final LookupPath lookups;
  private final Invalidation invalidation;
  private final Feedback feedback;
  private final Maintenance maintenance;
  private final Flights flights = new Flights();
  private final Gate gate = new Gate();
  private final Recovery recovery;
  private final long reopenNanos;
  private boolean isReplicating;

  public LocalSemanticCache(CacheSettings settings) {
    this(
        settings,
        (directory, clean) ->
            new ChronicleResponseStore(
                directory,
                settings.shardEntries(),
                settings.frameBytesMax(),
                clean,
                settings.readTimeout()));
  }

  /** A cache whose answers lie elsewhere. For tests and fault campaigns. */
  public LocalSemanticCache(CacheSettings settings, ResponseStore.Factory responseStores) {
    long start = System.nanoTime();
    StartupCheck.run();
    this.settings = settings;
    directory = StoreDirectory.open(settings.directory());
    Opening opened = null;
    try {
      opened = Opening.open(settings, responseStores, directory);
      opening = opened;
      hash = opening.hash;
      scopeHashes = new ScopeHashes(hash);
      core =
          new Core(
              opening.table,
              opening.responses,
              opening.space,
              opening.frames,
              opening.feedback,
              opening.superblock.frameSeed(),
              new Quotas(settings.entriesMaxOfTenant(), settings.entriesMaxOfPrincipal()),
              opening.clock,
              settings.replication());
      Retired retired = new Retired(core.epochs);
      Removals removals = new Removals(core, retired);
      writePath =
          new WritePath(
              core,
              hash,
              Limits.of(settings, core.table.segmentSlots()),
              opening.superblock.epoch(),
              retired,
              removals);
      readPath = new ReadPath(core, hash, removals);
      routes = new Routes(settings, hash, core.feedback, core.nowMillis());
      lookups = new LookupPath(settings, core, readPath, routes);
      maintenance = new Maintenance(core, removals, retired);
      writePath.start(maintenance);
      removals.start(maintenance);
      invalidation = new Invalidation(core, hash, removals, maintenance);
      feedback = new Feedback(core, hash, routes, invalidation, settings.judge());
      recovery =
          new Recovery(
              core,
              writePath,
              removals,
              retired,
              opening.loadGraphs(core),
              opening.superblock.epoch(),
              opening.wasClean);
      maintenance.start(recovery);
    } catch (RuntimeException | Error e) {
      if (opened != null) {
        opened.close();
      }
      directory.close();
      throw e;
    }
    if (core.table.capacity() <= SLOTS_READ_FIRST) {
      recovery.await();
      core.responses.awaitOpen();
    }
    if (core.isReplicated()) {
      recovery.await();
      try {
        core.replication.start(new LocalReplica(settings, core, hash, writePath, invalidation));
        isReplicating = true;
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
    }
    reopenNanos = System.nanoTime() - start;
  }

  @Override
  public Lookup lookup(Scope scope, String text, LookupOptions options) {
    Asked asked = asked(scope, text);
    return guarded(() -> counted(lookups.find(asked, options, false), options));
  }

  @Override
  public Lookup lookup(Scope scope, float[] vector, LookupOptions options) {
    Asked asked = asked(scope, vector);
    return guarded(() -> counted(lookups.find(asked, options, false), options));
  }

  @Override
  public LoadTicket acquire(Scope scope, String text, LookupOptions options) {
    Asked asked = asked(scope, text);
    return guarded(
        () -> {
          long version = version();
          Lookup lookup = counted(lookups.find(asked, options, true), options);
          return new LocalLoadTicket(this, flights, asked, options, lookup, version);
        });
  }

  @Override
  public Answer getOrLoad(
      Scope scope,
      String text,
      LookupOptions lookupOptions,
      PutOptions putOptions,
      Duration timeout,
      Callable<Answer> loader) {
    try (LoadTicket ticket = acquire(scope, text, lookupOptions)) {
      if (ticket.role() == LoadTicket.Role.FOLLOWER) {
        ticket.await(timeout);
      }
      if (ticket.role() == LoadTicket.Role.HIT) {
        return ticket.lookup().answer().orElseThrow();
      }
      Answer answer;
      try {
        answer = loader.call();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        // What was only to be checked may be served.
        return ticket
            .lookup()
            .checkedHit()
            .map(Hit::answer)
            .orElseThrow(() -> new CacheException.LoadFailed(e));
      }
      try {
        ticket.fulfil(answer, putOptions);
      } catch (CacheException.AnswerTooLarge | CacheException.Closed e) {
        // The model was paid for it: the caller gets it although the cache cannot keep it.
        LOG.debug("a loaded answer was not stored: {}", e.getMessage());
      }
      return answer;
    }
  }

  @Override
  public Optional<EntryId> put(Scope scope, String text, Answer answer, PutOptions options) {
    Asked asked = asked(scope, text);
    return guarded(() -> put(asked, answer, options));
  }

  @Override
  public Optional<EntryId> put(Scope scope, float[] vector, Answer answer, PutOptions options) {
    Asked asked = named(asked(scope, vector));
    return guarded(() -> put(asked, answer, options));
  }

  @Override
  public long putAll(Iterator<BulkEntry> entries, int threads) {
    return guarded(() -> new BulkImport(core, writePath, this, gate).run(entries, threads));
  }

  @Override
  public void nearest(Scope scope, float[] vector, float floor, int count, Candidates result) {
    if (count < 1 || count > Candidates.COUNT_MAX) {
      throw new CacheException.InvalidOption("count " + count + " not in 1..8");
    }
    search(scope, vector, floor, count, result);
  }

  private void search(Scope scope, float[] vector, float floor, int count, Candidates result) {
    lookups.requireDimension(vector);
    if (!(floor >= 0 && floor <= 1)) {
      throw new CacheException.InvalidThreshold(floor);
    }
    int pass = enter();
    try {
      ScopeHashes.Known known = scopeHashes.of(scope);
      if (serves(known.hash(), known.tenant())) {
        readPath.nearest(known.hash(), vector, floor, count, result);
      } else {
        result.clear();
      }
    } finally {
      gate.exit(pass);
    }
  }

  @Override
  public void any(Scope scope, float[] vector, float threshold, Candidates result) {
    search(scope, vector, threshold, 0, result);
  }

  /** Sets what the builder's {@code searchBeam} sets, at any time. For benchmarks. */
  public void searchBeam(int width) {
    core.space.calibration().beam(width);
  }

  /** Lets searches stop as early as calibrated, or run in full. For benchmarks. */
  public void stopEarly(boolean value) {
    core.space.stopEarly(value);
  }

  /** {@return whether searches at a threshold stop early now} For benchmarks. */
  public boolean isCalibrated(boolean anyEntry, float threshold) {
    return core.space.calibration().isCalibrated(anyEntry, threshold);
  }

  @Override
  public boolean invalidate(EntryId id) {
    return guarded(() -> invalidation.entry(id));
  }

  @Override
  public boolean wrong(HitId hit) {
    return guarded(() -> feedback.wrong(hit));
  }

  @Override
  public boolean loosen(String route) {
    return guarded(() -> feedback.loosen(route));
  }

  @Override
  public long invalidateTag(String tag) {
    return guarded(() -> invalidation.tag(tag));
  }

  @Override
  public long invalidateScope(Scope scope) {
    return guarded(() -> invalidation.scope(scopeHashes.of(scope).hash()));
  }

  @Override
  public long invalidateTenant(String tenant) {
    return guarded(() -> invalidation.tenant(scopeHashes.tenant(tenant)));
  }

  @Override
  public long invalidateProvenance(String principal) {
    return guarded(() -> invalidation.provenance(principal));
  }

  @Override
  public CacheStats stats() {
    return guarded(
        () ->
            core.counters.snapshot(
                core.contexts,
                writePath.live(),
                writePath.bytesHeld(),
                recovery.recovered(),
                core.scopes.size(),
                writePath.unlinked(),
                core.space,
                directory.bytes(),
                reopenNanos,
                routes.stats()));
  }

  @Override
  public void force() {
    guarded(
        () -> {
          core.force();
          return null;
        });
  }

  @Override
  public void close() {
    synchronized (gate) {
      if (gate.isClosed()) {
        return;
      }
      gate.close();
    }
    CrashPoint.CLOSE_BEGUN.reached();
    try {
      boolean complete = false;
      try {
        // One that was not started may be another cache's.
        if (isReplicating) {
          core.replication.close();
        }
        maintenance.close();
        complete = recovery.isComplete();
      } finally {
        opening.finish(core, complete);
      }
    } finally {
      directory.close();
    }
  }

  // What follows is for tickets, which hold an Asked of this cache.

  /** Asks for the right to load an answer that no cache has. */
  LoadLease lead(Asked asked) {
    return core.isReplicated()
        ? core.replication.lead(asked.scope, asked.textHash)
        : LoadLease.UNSHARED;
  }

  long version() {
    return writePath.version();
  }

  /** Looks up without counting, and checks nothing. May be called by a ticket at any time. */
  Lookup find(Asked asked, LookupOptions options) {
    int pass = enter();
    try {
      return lookups.find(asked, options, false);
    } finally {
      gate.exit(pass);
    }
  }

  /** Stores. May be called by a ticket at any time. */
  Optional<EntryId> put(Asked asked, Answer answer, PutOptions options) {
    int pass = enter();
    try {
      if (answer.body().length > settings.answerBytesMax()) {
        throw new CacheException.AnswerTooLarge(answer.body().length, settings.answerBytesMax());
      }
      // Before there is an entry, so that its scope is known to be new.
      serves(asked.scope, asked.tenant);
      lookups.embed(asked);
      long start = System.nanoTime();
      Optional<EntryId> id = writePath.put(asked, answer, options);
      SearchContext context = core.contexts.claim();
      if (context != null) {
        context.putNanos.recordValue(System.nanoTime() - start);
        core.contexts.release(context);
      }
      return id;
    } finally {
      gate.exit(pass);
    }
  }

  /** Has a hit that was withheld compared with the fresh answer. */
  void check(Asked asked, LookupOptions options, Withheld withheld, Answer fresh) {
    feedback.check(routes.of(options.route()), asked.text.orElseThrow(), withheld, fresh);
  }

  /** Counts a hit on its route that a ticket got after it had counted as a miss. */
  void countLate(LookupOptions options, Lookup hit) {
    routes.of(options.route()).countLate(hit);
  }

  /** {@return whether another question's answer would be served for this one} */
  boolean isNear(Asked asked, LookupOptions options, Asked other) {
    return lookups.isNear(asked, options, other);
  }

  private Asked asked(Scope scope, String text) {
    if (text.length() > settings.textCharsMax()) {
      throw new CacheException.TextTooLong(text.length(), settings.textCharsMax());
    }
    ScopeHashes.Known known = scopeHashes.of(scope);
    String normalised = KeyedHash.normalise(text);
    return new Asked(
        known.hash(), known.tenant(), Optional.of(text), hash.text(known.hash(), normalised));
  }

  private Asked asked(Scope scope, float[] vector) {
    lookups.requireDimension(vector);
    ScopeHashes.Known known = scopeHashes.of(scope);
    Asked asked = new Asked(known.hash(), known.tenant(), Optional.empty(), Asked.NO_TEXT);
    asked.vector = Kernels.normalise(vector);
    return asked;
  }

  /** {@return the same question with a key: in a replicated cache every entry has one} */
  private Asked named(Asked asked) {
    if (!core.isReplicated()) {
      return asked;
    }
    ByteBuffer bytes = ByteBuffer.allocate(asked.vector.length * Float.BYTES);
    bytes.asFloatBuffer().put(asked.vector);
    Hash128 key = hash.vector(asked.scope, bytes.array());
    Asked named = new Asked(asked.scope, asked.tenant, Optional.empty(), key);
    named.vector = asked.vector;
    return named;
  }

  private boolean serves(Hash128 scope, long tenant) {
    return !core.isReplicated() || core.replication.serves(scope, tenant);
  }

  private Lookup counted(Lookup lookup, LookupOptions options) {
    core.counters.count(lookup);
    routes.of(options.route()).count(lookup);
    return lookup;
  }

  private int enter() {
    int pass = gate.enter();
    if (pass < 0) {
      throw new CacheException.Closed();
    }
    return pass;
  }

  private <T> T guarded(Supplier<T> call) {
    int pass = enter();
    try {
      return call.get();
    } catch (InternalError e) {
      throw new CacheException.StoreUnavailable("a file of the store cannot be read", e);
    } finally {
      gate.exit(pass);
    }
  }

  /** {@return entries that no walk along links reaches} Everything waits. For benchmarks. */
  public int unreachable() {
    return maintenance.whileQuiet(
        () -> core.scopes.values().stream().mapToInt(ScopeIndex::unreachable).sum());
  }

  /** Does all maintenance that is due. For tests. */
  void settle() {
    maintenance.settle();
  }

  /** Throws an IllegalStateException where the structure is wrong. Everything waits. For tests. */
  void check() {
    maintenance.whileQuiet(() -> CacheCheck.check(core, writePath));
  }
}
