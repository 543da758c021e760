package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.EntryId;
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
 * How long does a put into a full cache take, so that each evicts an entry?
 *
 * <p>With 16 scopes every scope is a list; with one scope entries are linked into a graph behind
 * the puts, by a thread that competes for the processor. The answer is a kilobyte; nothing is
 * forced to the disk within a put.
 *
 * <pre>./askonce bench jmh PutBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PutBenchmark {
  private static final long SEED = 20_260_704;
  private static final int ENTRIES_MAX = 16_384;

  @Param({"16", "1"})
  private int scopes;

  private final float[][] vectors = new float[2 * ENTRIES_MAX][];
  private dev.askonce.engine.Scope[] scope;
  private BenchCache bench;
  private int put;

  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    Corpus corpus = new Corpus(vectors.length, SEED);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = corpus.entry(i);
    }
    scope = new dev.askonce.engine.Scope[scopes];
    for (int i = 0; i < scopes; i++) {
      scope[i] = BenchCache.SCOPE.with("number", Integer.toString(i));
    }
    bench = new BenchCache(corpus, ENTRIES_MAX);
    for (int i = 0; i < ENTRIES_MAX; i++) {
      putVector();
    }
    BenchCache.settle();
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    bench.close();
  }

  @Benchmark
  public EntryId putVector() {
    int index = put++;
    return bench
        .cache
        .put(
            scope[index % scopes],
            vectors[index % vectors.length],
            BenchCache.ANSWER,
            PutOptions.DEFAULTS)
        .orElseThrow();
  }
}
