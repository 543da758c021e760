package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.bench.data.HeapUse;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.PutOptions;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do a hundred thousand entries cost in one scope, and in ten thousand of ten? The time of a
 * lookup is the benchmark's; how long they took to put and the bytes an entry takes are printed
 * when they are in: files, memory outside of the heap, and heap.
 *
 * <pre>./askonce bench jmh ManyScopesBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ManyScopesBenchmark {
  private static final long SEED = 20_261_125;
  private static final float THRESHOLD = 0.95f;
  private static final int ENTRIES = 100_000;
  private static final int QUERY_COUNT = 4096;
  private static final double LOST_MAX = 0.02;

  @Param({"1", "10000"})
  private int scopes;

  private BenchCache bench;
  private final float[][] paraphrases = new float[QUERY_COUNT][];
  private final float[][] strangers = new float[QUERY_COUNT][];
  private final dev.askonce.engine.Scope[] asked = new dev.askonce.engine.Scope[QUERY_COUNT];
  private final Candidates candidates = new Candidates();
  private int next;
  private int calls;
  private int lost;

  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    Corpus corpus = new Corpus(ENTRIES, SEED);
    long heapBefore = HeapUse.bytes();
    bench = new BenchCache(corpus, ENTRIES);
    long start = System.nanoTime();
    for (int i = 0; i < ENTRIES; i++) {
      bench
          .cache
          .put(scope(i), corpus.entry(i), BenchCache.ANSWER, PutOptions.DEFAULTS)
          .orElseThrow();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    BenchCache.settle();
    CacheStats stats = bench.cache.stats();
    System.out.printf(
        "%d scopes: put in %.1f s; bytes an entry: files %d, memory %d, heap %d%n",
        scopes,
        seconds,
        stats.bytesOnDisk() / ENTRIES,
        stats.bytesInMemory() / ENTRIES,
        (HeapUse.bytes() - heapBefore) / ENTRIES);
    for (int i = 0; i < QUERY_COUNT; i++) {
      int index = (int) (i * 7919L % ENTRIES);
      asked[i] = scope(index);
      paraphrases[i] = corpus.paraphrase(index);
      strangers[i] = corpus.stranger(i);
    }
  }

  private dev.askonce.engine.Scope scope(int entry) {
    return dev.askonce.engine.Scope.tenant("bench").with("scope", "s" + entry % scopes);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    bench.close();
  }

  @Benchmark
  public int anyHit() {
    int found = any(paraphrases);
    calls++;
    lost += 1 - found;
    BenchCache.check(lost <= 100 + LOST_MAX * calls, lost + " of " + calls + " hits were missed");
    return found;
  }

  @Benchmark
  public int anyMiss() {
    int found = any(strangers);
    BenchCache.check(found == 0, "a miss was hit");
    return found;
  }

  private int any(float[][] queries) {
    int query = next++ & (QUERY_COUNT - 1);
    bench.cache.any(asked[query], queries[query], THRESHOLD, candidates);
    return candidates.count();
  }
}
