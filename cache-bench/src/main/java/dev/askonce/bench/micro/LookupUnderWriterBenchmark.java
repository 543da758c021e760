package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a writer cost those who look up? One thread asks a full scope of 50,000 entries, in
 * {@code alone} with nobody beside it, in {@code beside} with one that puts as fast as it can; each
 * put evicts an entry. Compare the 99th percentiles of {@code lookupAlone} and {@code lookup}.
 *
 * <p>Entries are linked, and evicted ones unlinked, behind the puts by a third thread: on fewer
 * than three processors the lookups share theirs, and the tail is that of the scheduler. Half of
 * the questions have an entry that answers them.
 *
 * <pre>./askonce bench jmh LookupUnderWriterBenchmark</pre>
 */
@State(Scope.Group)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LookupUnderWriterBenchmark {
  private static final long SEED = 20_260_704;
  private static final float THRESHOLD = 0.95f;
  private static final int ENTRIES = 50_000;
  private static final int COUNT = 4;

  /** Entries that are put in turns; about half of them are alive at any time. */
  private static final int VECTOR_COUNT = 2 * ENTRIES;

  private static final int QUERY_COUNT = 1 << 14;

  /** Between these lies the share of questions that are answered. */
  private static final double HITS_MIN = 0.3;

  private static final double HITS_MAX = 0.7;
  private static final int ASKED_MIN = 1000;

  private final float[][] vectors = new float[VECTOR_COUNT][];
  private final float[][] queries = new float[QUERY_COUNT][];
  private BenchCache bench;

  /** The one thread that looks up. */
  @State(Scope.Thread)
  public static class Asker {
    private final Candidates candidates = new Candidates();
    private int asked;
    private int hits;

    @TearDown(Level.Iteration)
    public void check() {
      double share = (double) hits / asked;
      if (asked > ASKED_MIN && !(share >= HITS_MIN && share <= HITS_MAX)) {
        throw new IllegalStateException(hits + " hits of " + asked + " lookups");
      }
    }
  }

  /** The one thread that puts. */
  @State(Scope.Thread)
  public static class Putter {
    private int put = ENTRIES;
  }

  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    Corpus corpus = new Corpus(VECTOR_COUNT, SEED);
    for (int i = 0; i < VECTOR_COUNT; i++) {
      vectors[i] = corpus.entry(i);
    }
    for (int i = 0; i < QUERY_COUNT; i++) {
      queries[i] = corpus.paraphrase((int) (i * 7919L % VECTOR_COUNT));
    }
    bench = new BenchCache(corpus, ENTRIES);
    bench.cache.putAll(
        IntStream.range(0, ENTRIES)
            .mapToObj(i -> BulkEntry.of(BenchCache.SCOPE, vectors[i], BenchCache.ANSWER))
            .iterator(),
        Runtime.getRuntime().availableProcessors());
    BenchCache.settle();
    Asker asker = new Asker();
    for (int i = 0; i < ASKED_MIN; i++) {
      ask(asker);
    }
    // What was asked for is rehearsed: the cache is one that has been in use.
    BenchCache.settle();
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    bench.close();
  }

  @Benchmark
  @Group("alone")
  @GroupThreads(1)
  public int lookupAlone(Asker asker) {
    return ask(asker);
  }

  @Benchmark
  @Group("beside")
  @GroupThreads(1)
  public int lookup(Asker asker) {
    return ask(asker);
  }

  private int ask(Asker asker) {
    float[] query = queries[asker.asked++ & (QUERY_COUNT - 1)];
    bench.cache.nearest(BenchCache.SCOPE, query, THRESHOLD, COUNT, asker.candidates);
    asker.hits += asker.candidates.count() > 0 ? 1 : 0;
    return asker.candidates.count();
  }

  @Benchmark
  @Group("beside")
  @GroupThreads(1)
  public EntryId put(Putter putter) {
    float[] vector = vectors[putter.put++ % VECTOR_COUNT];
    return bench
        .cache
        .put(BenchCache.SCOPE, vector, BenchCache.ANSWER, PutOptions.DEFAULTS)
        .orElseThrow();
  }
}
