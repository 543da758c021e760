package dev.askonce.cli.eval;

import dev.askonce.bench.data.Progress;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.compress.select.Budget;
import dev.askonce.optimizer.compress.select.ContextSelector;
import dev.askonce.optimizer.compress.select.Ranking;
import dev.askonce.optimizer.compress.select.Selection;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToLongFunction;

/** Compresses contexts of a file in all degrees, and looks whether an answer is still there. */
public final class CompressEvaluation {
  private static final String MODEL = "gpt-4o";
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final double[] LEVELS = {0.90, 0.95, 0.99};
  private static final int STEPS = 60;

  /** The smallest share of a context that is tried. */
  private static final double SHARE_MIN = 0.01;

  /** The smallest share of the evidence that is tried to be left out. */
  private static final double LEFT_OUT_MIN = 1e-5;

  private static final int TIMED_CONTEXTS_MAX = 50;

  private final Embedder embedder;
  private final Progress progress;
  private final TokenCounter counter = new JtokkitCounter();
  private final Map<String, Long> counted = new HashMap<>();
  private final ToLongFunction<String> tokens =
      text -> counted.computeIfAbsent(text, t -> counter.count(MODEL, " " + t));
  private List<GoldContext> contexts;
  private long tokensBefore;

  /**
   * @param embedder not closed here
   */
  public CompressEvaluation(Embedder embedder, Progress progress) {
    this.embedder = embedder;
    this.progress = progress;
  }

  /**
   * Reads and evaluates.
   *
   * @param passages passages of a context whose line gives one
   * @param near whether those added are near the question, or any
   * @param seed of what is random
   */
  public CompressReport run(Path file, int passages, boolean near, long seed) throws IOException {
    contexts =
        GoldContexts.read(
            file, passages, near ? GoldContexts.Beside.NEAR : GoldContexts.Beside.RANDOM, seed);
    tokensBefore = contexts.stream().mapToLong(this::tokens).sum();
    progress.step(
        "%,d contexts of %,d tokens on average"
            .formatted(contexts.size(), tokensBefore / contexts.size()));
    double millis = millisPer1kTokens();
    ContextSelector selector = ContextSelector.of(new Remembering(embedder), PATIENCE);
    List<Ranking> ours = rankings(c -> selector.rank(c.question(), c.passages(), tokens));
    List<CompressReport.Point> byEvidence =
        curve(
            taking(ours, step -> new Budget.Evidence(evidence(step))),
            CompressEvaluation::evidence);
    List<CompressReport.Point> bySize = bySize(ours);
    Random random = new Random(seed);
    List<Ranking> byChance = ours.stream().map(ranking -> shuffled(ranking, random)).toList();
    List<Ranking> byWords = rankings(c -> ContextSelector.bm25(c.question(), c.passages(), tokens));
    Map<String, CompressReport.Baseline> baselines = new LinkedHashMap<>();
    baselines.put("truncation", baseline(curve(this::truncated, CompressEvaluation::share)));
    baselines.put("random", baseline(bySize(byChance)));
    baselines.put("bm25", baseline(bySize(byWords)));
    return new CompressReport(
        contexts.size(),
        tokensBefore,
        byEvidence,
        ratioAtKept(byEvidence),
        bySize,
        ratioAtKept(bySize),
        baselines,
        millis);
  }

  /** What is left of one context. */
  private record Left(double tokens, boolean answered) {}

  /** Compresses one context in one degree. */
  private interface Compression {
    /**
     * @param context the number of the context
     * @param step the degree, from strictest to none
     */
    Left left(int context, int step);
  }

  private List<CompressReport.Point> curve(Compression compression, IntToDoubleFunction settings) {
    List<CompressReport.Point> points = new ArrayList<>(STEPS);
    for (int step = 0; step < STEPS; step++) {
      double tokensAfter = 0;
      int answered = 0;
      for (int i = 0; i < contexts.size(); i++) {
        Left left = compression.left(i, step);
        tokensAfter += left.tokens;
        answered += left.answered ? 1 : 0;
      }
      points.add(
          new CompressReport.Point(
              tokensBefore / tokensAfter,
              (double) answered / contexts.size(),
              settings.applyAsDouble(step)));
    }
    return points.stream().sorted(Comparator.comparingDouble(CompressReport.Point::ratio)).toList();
  }

  private List<CompressReport.Point> bySize(List<Ranking> rankings) {
    return curve(
        taking(rankings, step -> new Budget.Share(share(step))), CompressEvaluation::share);
  }

  private Compression taking(List<Ranking> rankings, IntFunction<Budget> budgets) {
    return (i, step) -> {
      Selection selection = rankings.get(i).take(budgets.apply(step));
      GoldContext context = contexts.get(i);
      long sum = selection.tokens();
      sum += GoldContext.kept(selection).stream().mapToLong(p -> headerTokens(context, p)).sum();
      return new Left(sum, context.isAnsweredBy(selection));
    };
  }

  /** Cut off where the share ends, in the middle of a word if need be. */
  private Left truncated(int i, int step) {
    GoldContext context = contexts.get(i);
    double tokensMax = share(step) * tokens(context);
    double left = tokensMax;
    boolean answered = false;
    for (int p = 0; p < context.passages().size() && left > 0; p++) {
      left -= headerTokens(context, p);
      String text = context.passages().get(p).text();
      double whole = tokens.applyAsLong(text);
      int end = (int) (text.length() * Math.clamp(left / whole, 0, 1));
      answered |= context.answering().get(p) && context.isAnsweredBy(text.substring(0, end));
      left -= whole;
    }
    return new Left(tokensMax, answered);
  }

  private static Ranking shuffled(Ranking ranking, Random random) {
    return ranking.with(random.doubles(ranking.pieces().size()).toArray());
  }

  private List<Ranking> rankings(Function<GoldContext, Ranking> selector) {
    List<Ranking> rankings = new ArrayList<>(contexts.size());
    for (GoldContext context : contexts) {
      rankings.add(selector.apply(context));
      progress.tell(() -> "%,d of %,d contexts".formatted(rankings.size(), contexts.size()));
    }
    return rankings;
  }

  private static CompressReport.Baseline baseline(List<CompressReport.Point> curve) {
    return new CompressReport.Baseline(ratioAtKept(curve), curve);
  }

  /** {@return the greatest measured ratio at which enough answers stay; nothing in between} */
  private static Map<String, Double> ratioAtKept(List<CompressReport.Point> curve) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (double level : LEVELS) {
      ratios.put(
          String.format(Locale.ROOT, "%.2f", level),
          curve.stream()
              .filter(point -> point.kept() >= level)
              .mapToDouble(CompressReport.Point::ratio)
              .max()
              .orElse(1));
    }
    return ratios;
  }

  private long tokens(GoldContext context) {
    long sum = 0;
    for (int i = 0; i < context.passages().size(); i++) {
      sum += headerTokens(context, i) + tokens.applyAsLong(context.passages().get(i).text());
    }
    return sum;
  }

  private long headerTokens(GoldContext context, int passage) {
    return tokens.applyAsLong(context.header(passage));
  }

  private double millisPer1kTokens() {
    ContextSelector selector = ContextSelector.of(embedder, PATIENCE);
    int count = Math.min(TIMED_CONTEXTS_MAX, contexts.size());
    GoldContext first = contexts.getFirst();
    selector.rank(first.question(), first.passages(), tokens); // what only the first one costs
    long sum = 0;
    long start = System.nanoTime();
    for (GoldContext context : contexts.subList(0, count)) {
      selector.rank(context.question(), context.passages(), tokens);
    }
    long nanos = System.nanoTime() - start;
    for (GoldContext context : contexts.subList(0, count)) {
      sum += tokens(context);
    }
    return nanos / 1e6 / sum * 1_000;
  }

  private static double share(int step) {
    return Math.pow(SHARE_MIN, 1 - step / (STEPS - 1.0));
  }

  private static double evidence(int step) {
    return step == STEPS - 1 ? 1 : 1 - Math.pow(LEFT_OUT_MIN, step / (STEPS - 2.0));
  }

  /** Passages occur in many contexts: each text is embedded once. */
  private record Remembering(Embedder embedder, Map<String, Embedding> known) implements Embedder {
    Remembering(Embedder embedder) {
      this(embedder, new HashMap<>());
    }

    @Override
    public int dimension() {
      return embedder.dimension();
    }

    @Override
    public String fingerprint() {
      return embedder.fingerprint();
    }

    @Override
    public Embedding embed(String text, Duration timeout) throws TimeoutException {
      return embedAll(List.of(text), timeout).getFirst();
    }

    @Override
    public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
      List<String> unknown =
          texts.stream().distinct().filter(text -> !known.containsKey(text)).toList();
      List<Embedding> embedded = embedder.embedAll(unknown, timeout);
      for (int i = 0; i < unknown.size(); i++) {
        known.put(unknown.get(i), embedded.get(i));
      }
      return texts.stream().map(known::get).toList();
    }
  }
}
