package dev.askonce.bench.micro;

import dev.askonce.bench.data.Folders;
import dev.askonce.engine.HitKind;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.Route;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.decision.GuardedPolicy.Assessment;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * How long from a text to its answer, short questions, with the embedder that runs in the process:
 * the same words again; other words, decided by guards and cosine; other words, weighed by the
 * verifier too. And how long the decision alone: a pair that a guard refuses, and one that the
 * verifier weighs. With one thread a run of a model, and with two.
 *
 * <pre>./askonce bench jmh HitPathBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HitPathBenchmark {
  private static final float COSINE = 0.9f;
  private static final LookupOptions VERIFIED = LookupOptions.DEFAULTS.route("verified");

  @Param({"1", "2"})
  private int threadsPerRun;

  private final List<String> stored = Questions.stored();
  private final List<String> asked = Questions.asked();
  private final List<String> reworded = Questions.reworded();
  private final LongAdder weighed = new LongAdder();
  private Folders.Work work;
  private MiniLmEmbedder embedder;
  private CrossEncoder verifier;
  private GuardedPolicy verified;
  private SemanticCache cache;
  private int[] guardedHits;
  private int[] verifiedHits;
  private int turn;

  @Setup
  public void open() throws IOException {
    work = Folders.work(Optional.empty(), "askonce-bench");
    embedder = MiniLmEmbedder.builder().threadsPerText(threadsPerRun).open();
    verifier = CrossEncoder.builder().threadsPerPair(threadsPerRun).open();
    verified =
        GuardedPolicy.builder()
            .languages(new English())
            .verifier(counted())
            .verifierTimeout(Duration.ofSeconds(10))
            .build();
    cache =
        SemanticCache.at(work.path().resolve("store"))
            .embedder(embedder)
            .policy(GuardedPolicy.builder().languages(new English()).build())
            .threshold(COSINE)
            .route("verified", Route.DEFAULTS.policy(verified).wrongShareMax(0.2))
            .open();
    stored.forEach(question -> cache.put(BenchCache.SCOPE, question, BenchCache.ANSWER));
    guardedHits = hits(asked, LookupOptions.DEFAULTS);
    BenchCache.check(weighed.sum() == 0, "the verifier was asked");
    verifiedHits = hits(reworded, VERIFIED);
    BenchCache.check(weighed.sum() >= verifiedHits.length, "the verifier was not asked");
  }

  /** What the verifier is asked: hits alone do not tell, since some pairs do not need it. */
  private Verifier counted() {
    return new Verifier() {
      @Override
      public OptionalDouble probability(
          String askedText, String storedText, float cosine, Duration timeout)
          throws TimeoutException {
        weighed.increment();
        return verifier.probability(askedText, storedText, cosine, timeout);
      }

      @Override
      public double leastProbability(double wrongShareMax) {
        return verifier.leastProbability(wrongShareMax);
      }

      @Override
      public boolean accepts(String fingerprint) {
        return verifier.accepts(fingerprint);
      }
    };
  }

  /** {@return the questions that are answered in other words} */
  private int[] hits(List<String> questions, LookupOptions options) {
    int[] hits =
        IntStream.range(0, questions.size())
            .filter(i -> cache.lookup(BenchCache.SCOPE, questions.get(i), options).isHit())
            .toArray();
    BenchCache.check(hits.length >= questions.size() / 2, "only " + hits.length + " hits");
    return hits;
  }

  private Lookup ask(String text, LookupOptions options, HitKind kind) {
    Lookup lookup = cache.lookup(BenchCache.SCOPE, text, options);
    BenchCache.check(lookup.isHit() && lookup.hit().get().kind() == kind, "no hit of that kind");
    return lookup;
  }

  @Benchmark
  public Lookup sameWords() {
    return ask(stored.get(turn++ % stored.size()), LookupOptions.DEFAULTS, HitKind.EXACT);
  }

  @Benchmark
  public Lookup otherWords_guarded() {
    int i = guardedHits[turn++ % guardedHits.length];
    return ask(asked.get(i), LookupOptions.DEFAULTS, HitKind.SEMANTIC);
  }

  @Benchmark
  public Lookup otherWords_verified() {
    int i = verifiedHits[turn++ % verifiedHits.length];
    return ask(reworded.get(i), VERIFIED, HitKind.SEMANTIC);
  }

  @Benchmark
  public Assessment decision_refusedByGuard() {
    int i = turn++ % asked.size();
    Assessment assessment = verified.assess("Why not: " + asked.get(i), stored.get(i), COSINE);
    BenchCache.check(assessment.objection().isPresent(), "no guard objects");
    return assessment;
  }

  @Benchmark
  public Assessment decision_verified() {
    int i = turn++ % asked.size();
    long before = weighed.sum();
    Assessment assessment = verified.assess(reworded.get(i), stored.get(i), COSINE);
    BenchCache.check(weighed.sum() > before, "the verifier was not asked");
    return assessment;
  }

  @TearDown
  public void close() throws IOException {
    cache.close();
    verifier.close();
    embedder.close();
    work.close();
  }
}
