package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.spi.Verification;
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
 * What does verifying everything that a hit reads cost?
 *
 * <p>A hit among 50,000 entries reads the record, the vector and the answer of the entry, and
 * verifies a checksum of each. The same lookup in a process that verifies none differs by that
 * alone. The figures to compare are the medians.
 *
 * <pre>./askonce bench jmh VerificationBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerificationBenchmark {
  private static final long SEED = 20_260_704;
  private static final int ENTRIES = 50_000;

  /** A larger store of large answers would measure the disk. */
  private static final int LARGE_ENTRIES = 2_000;

  private static final int QUERY_COUNT = 1024;

  @Param({"1024", "65536"})
  private int answerBytes;

  private BenchCache bench;
  private final float[][] paraphrases = new float[QUERY_COUNT][];
  private int asked;

  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    int entries = answerBytes > 4096 ? LARGE_ENTRIES : ENTRIES;
    Corpus corpus = new Corpus(entries, SEED);
    bench = new BenchCache(corpus, 2 * entries);
    Answer answer = Answer.text("x".repeat(answerBytes));
    for (int i = 0; i < entries; i++) {
      BenchCache.check(
          bench.cache.put(BenchCache.SCOPE, BenchCache.text(i), answer).isPresent(), "not stored");
    }
    BenchCache.settle();
    for (int i = 0; i < QUERY_COUNT; i++) {
      paraphrases[i] = corpus.paraphrase((int) (i * 7919L % entries));
    }
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    bench.close();
  }

  @Benchmark
  public Lookup verified() {
    return lookup();
  }

  @Benchmark
  @Fork(value = 2, jvmArgsAppend = "-D" + Verification.PROPERTY + "=true")
  public Lookup unverified() {
    return lookup();
  }

  private Lookup lookup() {
    return bench.cache.lookup(
        BenchCache.SCOPE, paraphrases[asked++ & (QUERY_COUNT - 1)], LookupOptions.DEFAULTS);
  }
}
