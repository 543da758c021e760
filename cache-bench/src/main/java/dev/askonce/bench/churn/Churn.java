package dev.askonce.bench.churn;

import dev.askonce.bench.data.HeapUse;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.bench.data.Vectors;
import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * One cache of one scope at its capacity: every put makes the oldest entry expire. Not thread-safe.
 */
public final class Churn implements AutoCloseable {
  /*
   * The clock advances by a second with each put and every entry lives for as many seconds as there
   * may be live ones, so what is alive is known without asking the cache. A second is about the
   * grain of the engine's expiry, so hardly an expired entry lingers for the grain's sake.
   */
  private static final long STEP_MILLIS = 1000;

  private static final Scope SCOPE = Scope.tenant("bench").with("model", "any");
  private static final Answer ANSWER = Answer.text("An answer of no interest.");
  private static final double COPY_COSINE = 0.93;
  private static final int DIGITS = 3;

  private final Settings settings;
  private final Progress progress;
  private final Supply supply;
  private final LiveEntries live;
  private final Path directory;
  private final AtomicLong nowMillis =
      new AtomicLong(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
  private final LocalSemanticCache cache;
  private final Pace pace;

  /**
   * Asked by readers and for the recalls; half as many copies of live entries behind the others.
   */
  private float[][] questions;

  public Churn(VectorFile base, Settings settings, Progress progress) throws IOException {
    this.settings = settings;
    this.progress = progress;
    supply = new Supply(base, settings.live(), settings.seed());
    live = new LiveEntries(settings.live(), base.dimension());
    directory = Files.createTempDirectory("askonce-churn");
    try {
      cache = open(base.dimension());
    } catch (RuntimeException e) {
      live.close();
      deleteDirectory();
      throw e;
    }
    pace = new Pace(cache, settings);
  }

  private LocalSemanticCache open(int dimension) {
    Duration ttl = Duration.ofMillis(STEP_MILLIS * settings.live());
    return (LocalSemanticCache)
        SemanticCache.at(directory)
            .vectors(dimension, "churn")
            .entriesMax(Pace.entriesMax(settings.live()))
            .ttlMax(ttl)
            .ttl(ttl)
            .clock(() -> Instant.ofEpochMilli(nowMillis.get()))
            .open();
  }

  /** Fills the cache, then replaces its entries as often as asked, telling each time. */
  public void run(Consumer<Turnover> rows) throws IOException, InterruptedException {
    progress.step("filling the cache");
    Histogram ignored = new Histogram(DIGITS);
    putAll(ignored, "filled");
    pace.settle();
    for (int turnover = 1; turnover <= settings.turnovers(); turnover++) {
      rows.accept(turn(turnover));
    }
  }

  private Turnover turn(int turnover) throws IOException, InterruptedException {
    long started = System.nanoTime();
    questions = questions(turnover);
    Readers readers = new Readers(cache, SCOPE, questions, settings.readers()).start();
    Histogram insertNanos = new Histogram(DIGITS);
    Histogram lookupNanos;
    try {
      putAll(insertNanos, "turnover " + turnover);
    } finally {
      lookupNanos = readers.stop();
    }
    double insertSeconds = (System.nanoTime() - started) / 1e9;
    long unlinked = cache.stats().entriesUnlinked();
    pace.settle();
    progress.step("measuring turnover " + turnover);
    questions = questions(-turnover);
    Recall recall = Recall.measure(cache, SCOPE, live, questions);
    int notFound = Recall.notFound(cache, SCOPE, live);
    CacheStats stats = cache.stats();
    return new Turnover(
        turnover,
        recall.decision90(),
        recall.at1(),
        cache.unreachable(),
        notFound,
        Micros.of(insertNanos),
        Micros.of(lookupNanos),
        StoreFiles.allocatedBytes(directory),
        HeapUse.bytes(),
        live.count(),
        stats.entries(),
        unlinked,
        stats.evicted(),
        stats.putsDropped(),
        recall.eligible90(),
        questions.length,
        lookupNanos.getTotalCount(),
        settings.live() / insertSeconds,
        (System.nanoTime() - started) / 1e9);
  }

  private void putAll(Histogram nanos, String what) throws InterruptedException {
    for (int i = 0; i < settings.live(); i++) {
      pace.await(i);
      float[] vector = supply.entry(live.putCount());
      nowMillis.addAndGet(STEP_MILLIS);
      long started = System.nanoTime();
      Optional<EntryId> id = cache.put(SCOPE, vector, ANSWER, PutOptions.DEFAULTS);
      nanos.recordValue(System.nanoTime() - started);
      live.add(vector, id.orElse(new EntryId(0, 0)));
      int done = i + 1;
      progress.tell(() -> String.format("%s: %,d of %,d", what, done, settings.live()));
    }
  }

  /** {@return what was never put, and half as many copies of what is alive} */
  private float[][] questions(int round) {
    int strangers = supply.heldBackCount();
    float[][] asked = new float[strangers + Math.ceilDiv(strangers, 2)][];
    Random random = new Random(settings.seed() * 31 + round);
    for (int i = 0; i < asked.length; i++) {
      asked[i] =
          i < strangers
              ? supply.heldBack(i)
              : Vectors.perturbed(live.vector(random.nextInt(live.count())), COPY_COSINE, random);
    }
    return asked;
  }

  @Override
  public void close() throws IOException {
    cache.close();
    live.close();
    deleteDirectory();
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
