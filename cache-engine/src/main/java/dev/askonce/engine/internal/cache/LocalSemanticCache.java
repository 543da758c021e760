package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.base.CrashPoint;
import dev.askonce.engine.internal.base.Failures;
import dev.askonce.engine.internal.base.Gate;
import dev.askonce.engine.internal.index.ScopeIndex;
import dev.askonce.engine.internal.kernel.Kernels;
import dev.askonce.engine.internal.store.ChronicleResponseStore;
import dev.askonce.engine.internal.store.ResponseStore;
import dev.askonce.engine.internal.store.StoreDirectory;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.engine.spi.KeyedHash;
import dev.askonce.engine.spi.Question;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
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
  private final Invalidation invalidation;
  private final Maintenance maintenance;
  private final Flights flights = new Flights();
  private final Gate gate = new Gate();
  private final Recovery recovery;
  private final long reopenNanos;

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
              opening.superblock.frameSeed(),
              new Quotas(settings.entriesMaxOfTenant(), settings.entriesMaxOfPrincipal()),
              opening.clock);
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
      readPath = new ReadPath(core, removals, settings.policy());
      maintenance = new Maintenance(core, removals, retired);
      writePath.start(maintenance);
      removals.start(maintenance);
      invalidation = new Invalidation(core, hash, removals, maintenance);
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
    reopenNanos = System.nanoTime() - start;
  }

  @Override
  public Lookup lookup(Scope scope, String text, LookupOptions options) {
    Asked asked = asked(scope, text);
    return guarded(() -> counted(find(asked, options)));
  }

  @Override
  public Lookup lookup(Scope scope, float[] vector, LookupOptions options) {
    Asked asked = asked(scope, vector);
    return guarded(() -> counted(find(asked, options)));
  }

  @Override
  public LoadTicket acquire(Scope scope, String text, LookupOptions options) {
    Asked asked = asked(scope, text);
    return guarded(
        () -> {
          long version = version();
          Lookup lookup = counted(find(asked, options));
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
        throw new CacheException.LoadFailed(e);
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
    Asked asked = asked(scope, vector);
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
    requireDimension(vector);
    if (!(floor >= 0 && floor <= 1)) {
      throw new CacheException.InvalidThreshold(floor);
    }
    int pass = enter();
    try {
      readPath.nearest(scopeHashes.of(scope).hash(), vector, floor, count, result);
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
                reopenNanos));
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

  long version() {
    return writePath.version();
  }

  /** Looks up without counting. May be called by a ticket at any time. */
  Lookup find(Asked asked, LookupOptions options) {
    int pass = enter();
    try {
      return findTimed(asked, options);
    } finally {
      gate.exit(pass);
    }
  }

  private Lookup findTimed(Asked asked, LookupOptions options) {
    long start = System.nanoTime();
    boolean recovering = core.recovering || core.responses.isRecovering();
    Lookup lookup = asked.hasText() ? readPath.exact(asked) : null;
    long embedNanos = 0;
    if (lookup == null && options.exactOnly()) {
      lookup = Lookup.miss(MissReason.EXACT_ONLY);
    } else if (lookup == null) {
      long embedStart = System.nanoTime();
      boolean embeds = asked.vector == null && asked.unembedded == null;
      embed(asked);
      embedNanos = embeds ? System.nanoTime() - embedStart : 0;
      lookup =
          asked.vector == null
              ? Lookup.miss(asked.unembedded)
              : readPath.semantic(asked, threshold(options));
    }
    record(System.nanoTime() - start - embedNanos, embedNanos);
    boolean told = !recovering || lookup.isHit() || lookup.missReason().get() == MissReason.REFUSED;
    return told ? lookup : Lookup.miss(MissReason.RECOVERING);
  }

  private void record(long lookupNanos, long embedNanos) {
    SearchContext context = core.contexts.claim();
    if (context != null) {
      context.lookupNanos.recordValue(lookupNanos);
      if (embedNanos > 0) {
        context.embedNanos.recordValue(embedNanos);
      }
      core.contexts.release(context);
    }
  }

  /** Stores. May be called by a ticket at any time. */
  Optional<EntryId> put(Asked asked, Answer answer, PutOptions options) {
    int pass = enter();
    try {
      if (answer.body().length > settings.answerBytesMax()) {
        throw new CacheException.AnswerTooLarge(answer.body().length, settings.answerBytesMax());
      }
      embed(asked);
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

  /** {@return whether another question's answer would be served for this one} */
  boolean isNear(Asked asked, LookupOptions options, Asked other) {
    if (asked.vector == null || other.vector == null || options.exactOnly()) {
      return false;
    }
    float cosine = Kernels.cosine(asked.vector, other.vector);
    float threshold = threshold(options);
    return cosine >= readPath.floor(threshold)
        && readPath.judge(new Question(asked.text, threshold), cosine, () -> other.text).served();
  }

  private float threshold(LookupOptions options) {
    return (float) Math.max(settings.threshold(), options.threshold().orElse(0));
  }

  private void embed(Asked asked) {
    if (asked.vector != null || asked.unembedded != null) {
      return;
    }
    if (settings.embedder().isEmpty()) {
      throw new CacheException.InvalidOption(
          "this cache has no embedder; look up and put by vector, or exactOnly");
    }
    try {
      Embedding embedding =
          settings.embedder().get().embed(asked.text.orElseThrow(), settings.embedTimeout());
      if (embedding.truncated()) {
        asked.unembedded = MissReason.TEXT_TRUNCATED;
      } else {
        requireDimension(embedding.vector());
        asked.vector = Kernels.normalise(embedding.vector());
      }
    } catch (TimeoutException e) {
      asked.unembedded = MissReason.EMBEDDER_TIMEOUT;
    } catch (RuntimeException | Error e) {
      Failures.rethrowIfFatal(e);
      LOG.warn("the embedder failed: {}", e.toString());
      asked.unembedded = MissReason.EMBEDDER_FAILED;
    }
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
    requireDimension(vector);
    ScopeHashes.Known known = scopeHashes.of(scope);
    Asked asked = new Asked(known.hash(), known.tenant(), Optional.empty(), Asked.NO_TEXT);
    asked.vector = Kernels.normalise(vector);
    return asked;
  }

  private void requireDimension(float[] vector) {
    if (vector.length != settings.dimension()) {
      throw new CacheException.WrongDimension(vector.length, settings.dimension());
    }
  }

  private Lookup counted(Lookup lookup) {
    core.counters.count(lookup);
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
