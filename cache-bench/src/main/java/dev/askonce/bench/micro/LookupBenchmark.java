package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
 * How long does a lookup take, and what does it allocate, when it hits and when it misses?
 *
 * <p>Scopes of 64 and of 1,000 entries are lists whose codes are scanned; one of 50,000 is searched
 * through its graph, as early as it may stop once it is calibrated, which the warm-up does. {@code
 * nearest} and {@code any} are searches alone, for the best eight and for one at the threshold;
 * {@code lookup} adds the decision and, on a hit, reading the answer; the exact tier hashes a text
 * instead of searching. Nothing is embedded.
 *
 * <pre>./askonce bench jmh LookupBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
  private static final long SEED = 20_260_704;
  private static final float THRESHOLD = 0.95f;
  private static final int QUERY_COUNT = 1024;

  /** Least share of paraphrases that the index must find, or the figures mean nothing. */
  private static final double RECALL_MIN = 0.98;

  /** Largest share of hits that may be missed, and how many in any case. */
  private static final double LOST_MAX = 0.003;

  private static final int LOST_MIN = 30;

  @Param({"64", "1000", "50000"})
  private int entries;

  private BenchCache bench;
  private final float[][] paraphrases = new float[QUERY_COUNT][];
  private final float[][] strangers = new float[QUERY_COUNT][];
  private final String[] texts = new String[QUERY_COUNT];

  /** What one thread asks with. */
  @State(Scope.Thread)
  public static class Asker {
    private final Candidates candidates = new Candidates();
    private int asked;
    private int lost;

    private int next() {
      return asked++ & (QUERY_COUNT - 1);
    }

    /** Early stops lose a hit in a thousand; figures of more are not those of hits. */
    private void expectHit(boolean found) {
      if (!found) {
        BenchCache.check(
            ++lost <= LOST_MIN + LOST_MAX * asked, lost + " of " + asked + " hits were missed");
      }
    }
  }

  @Setup(Level.Trial)
  public void fill() throws InterruptedException {
    Corpus corpus = new Corpus(entries, SEED);
    bench = new BenchCache(corpus, 2 * entries);
    List<EntryId> ids = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      ids.add(
          bench.cache.put(BenchCache.SCOPE, BenchCache.text(i), BenchCache.ANSWER).orElseThrow());
    }
    BenchCache.settle();
    chooseQueries(corpus, ids);
  }

  /** A beam search may miss an entry: hits are measured with queries that find theirs. */
  private void chooseQueries(Corpus corpus, List<EntryId> ids) {
    Candidates best = new Candidates();
    int missed = 0;
    for (int i = 0, tried = 0; i < QUERY_COUNT; tried++) {
      int index = (int) (tried * 7919L % entries);
      paraphrases[i] = corpus.paraphrase(index);
      strangers[i] = corpus.stranger(i);
      texts[i] = BenchCache.text(index);
      bench.cache.nearest(BenchCache.SCOPE, paraphrases[i], THRESHOLD, 1, best);
      if (best.count() == 1 && best.id(0).equals(ids.get(index))) {
        i++;
      } else {
        missed++;
      }
      BenchCache.check(
          missed <= QUERY_COUNT * (1 - RECALL_MIN), missed + " paraphrases were not found");
    }
    System.out.println("paraphrases not found: " + missed + " of " + (QUERY_COUNT + missed));
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    bench.close();
  }

  @Benchmark
  public int nearestHit(Asker asker) {
    nearest(paraphrases[asker.next()], asker.candidates);
    asker.expectHit(asker.candidates.count() == 1);
    return asker.candidates.count();
  }

  @Benchmark
  public int nearestMiss(Asker asker) {
    nearest(strangers[asker.next()], asker.candidates);
    BenchCache.check(asker.candidates.count() == 0, "a miss was hit");
    return asker.candidates.count();
  }

  private void nearest(float[] query, Candidates result) {
    bench.cache.nearest(BenchCache.SCOPE, query, THRESHOLD, Candidates.COUNT_MAX, result);
  }

  @Benchmark
  public int anyHit(Asker asker) {
    any(paraphrases[asker.next()], asker.candidates);
    asker.expectHit(asker.candidates.count() == 1);
    return asker.candidates.count();
  }

  @Benchmark
  public int anyMiss(Asker asker) {
    any(strangers[asker.next()], asker.candidates);
    BenchCache.check(asker.candidates.count() == 0, "a miss was hit");
    return asker.candidates.count();
  }

  private void any(float[] query, Candidates result) {
    bench.cache.any(BenchCache.SCOPE, query, THRESHOLD, result);
  }

  @Benchmark
  public Object lookupHit(Asker asker) {
    Lookup lookup = lookup(paraphrases[asker.next()]);
    asker.expectHit(lookup.isHit());
    return lookup.isHit() ? hit(lookup, HitKind.SEMANTIC) : lookup;
  }

  @Benchmark
  public Lookup lookupMiss(Asker asker) {
    Lookup lookup = lookup(strangers[asker.next()]);
    BenchCache.check(!lookup.isHit(), "a miss was hit");
    return lookup;
  }

  private Lookup lookup(float[] query) {
    return bench.cache.lookup(BenchCache.SCOPE, query, LookupOptions.DEFAULTS);
  }

  @Benchmark
  public byte[] exactHit(Asker asker) {
    return hit(bench.cache.lookup(BenchCache.SCOPE, texts[asker.next()]), HitKind.EXACT);
  }

  private static byte[] hit(Lookup lookup, HitKind kind) {
    BenchCache.check(
        lookup.isHit() && lookup.hit().orElseThrow().kind() == kind, "not a hit of this kind");
    byte[] body = lookup.answer().orElseThrow().body();
    BenchCache.check(body.length == BenchCache.ANSWER.body().length, "not the answer");
    return body;
  }
}
