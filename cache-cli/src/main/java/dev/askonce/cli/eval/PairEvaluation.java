package dev.askonce.cli.eval;

import dev.askonce.bench.data.Progress;
import dev.askonce.cli.eval.PairReport.CosinePoint;
import dev.askonce.cli.eval.PairReport.DecisionPoint;
import dev.askonce.cli.eval.PairReport.GroupResult;
import dev.askonce.cli.eval.PairReport.Percentiles;
import dev.askonce.cli.eval.PairReport.PresetResult;
import dev.askonce.engine.Preset;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.decision.GuardedPolicy.Assessment;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.engine.spi.Verdict;
import dev.askonce.engine.spi.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** Evaluates the decision on labelled pairs. Used once, by one thread. */
final class PairEvaluation {
  static final List<Double> WRONG_SHARES = List.of(0.02, 0.05, 0.10);

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final int BATCH = 64;

  /** So many texts are embedded one at a time, to see how long one takes. */
  private static final int TIMED_TEXTS = 500;

  /** What an objection takes from the log odds. */
  private static final double OBJECTION_LOG_ODDS = 1.2;

  private final List<LabelledPair> pairs;
  private final Embedder embedder;
  private final Verifier verifier;
  private final GuardedPolicy policy;
  private final float threshold;
  private final Progress progress;
  private final Map<String, Embedding> embeddings = new HashMap<>();
  private final Histogram embedNanos = new Histogram(3);
  private final Histogram decideNanos = new Histogram(3);
  private final double[] cosines;
  private final boolean[] positives;
  private final Assessment[] assessments;

  /**
   * @param threshold raw cosine, for what no verifier weighs
   */
  PairEvaluation(
      List<LabelledPair> pairs,
      Embedder embedder,
      Verifier verifier,
      GuardedPolicy policy,
      float threshold,
      Progress progress) {
    this.pairs = pairs;
    this.embedder = embedder;
    this.verifier = verifier;
    this.policy = policy;
    this.threshold = threshold;
    this.progress = progress;
    cosines = new double[pairs.size()];
    positives = new boolean[pairs.size()];
    assessments = new Assessment[pairs.size()];
  }

  PairReport run() throws TimeoutException {
    embed();
    for (int i = 0; i < pairs.size(); i++) {
      LabelledPair pair = pairs.get(i);
      cosines[i] = cosine(embeddings.get(pair.a()).vector(), embeddings.get(pair.b()).vector());
      positives[i] = pair.positive();
      long started = System.nanoTime();
      assessments[i] = policy.assess(pair.a(), pair.b(), (float) cosines[i]);
      decideNanos.recordValue(System.nanoTime() - started);
      int done = i + 1;
      progress.tell(() -> String.format("%,d of %,d pairs judged", done, pairs.size()));
    }
    ScoredPairs byCosine = new ScoredPairs(cosines, positives);
    ScoredPairs byDecision = new ScoredPairs(scores(), positives);
    ScoredPairs ranked = new ScoredPairs(rank(), positives);
    return new PairReport(
        pairs.size(),
        count(positives),
        (int) embeddings.values().stream().filter(Embedding::truncated).count(),
        new PairReport.Auc(byCosine.auc(), ranked.auc()),
        WRONG_SHARES.stream().map(share -> cosinePoint(byCosine, share)).toList(),
        WRONG_SHARES.stream()
            .map(share -> new DecisionPoint(share, byDecision.servedAt(share).served()))
            .toList(),
        results(),
        groups(Preset.BALANCED),
        new Percentiles(micros(decideNanos, 50), micros(decideNanos, 99)),
        new Percentiles(micros(embedNanos, 50) / 1e3, micros(embedNanos, 99) / 1e3));
  }

  private void embed() throws TimeoutException {
    LinkedHashSet<String> distinct = new LinkedHashSet<>();
    pairs.forEach(
        pair -> {
          distinct.add(pair.a());
          distinct.add(pair.b());
        });
    List<String> texts = new ArrayList<>(distinct);
    int timed = Math.min(TIMED_TEXTS, texts.size());
    for (int from = 0; from < texts.size(); ) {
      // The last ones alone: by then all is compiled.
      int to = Math.min(from + BATCH, Math.max(texts.size() - timed, from + 1));
      List<String> batch = texts.subList(from, to);
      long started = System.nanoTime();
      List<Embedding> vectors = embedder.embedAll(batch, TIMEOUT);
      if (batch.size() == 1) {
        embedNanos.recordValue(System.nanoTime() - started);
      }
      for (int i = 0; i < batch.size(); i++) {
        embeddings.put(batch.get(i), vectors.get(i));
      }
      from = to;
      int done = to;
      progress.tell(() -> String.format("%,d of %,d texts embedded", done, texts.size()));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squaresA * squaresB);
  }

  private boolean isUnread(LabelledPair pair) {
    return embeddings.get(pair.a()).truncated() || embeddings.get(pair.b()).truncated();
  }

  private double[] scores() {
    double[] scores = new double[pairs.size()];
    for (int i = 0; i < scores.length; i++) {
      boolean refused = assessments[i].objection().isPresent() || isUnread(pairs.get(i));
      // A cosine is never below -1, so what is refused is below all that is not.
      scores[i] = refused ? cosines[i] - 3 : assessments[i].score();
    }
    return scores;
  }

  /**
   * {@return how likely each pair shares an answer, in log odds} The verifier is asked about what
   * guards object to as well; an objection lowers the odds, as it did on the training pairs.
   */
  private double[] rank() throws TimeoutException {
    double[] rank = new double[pairs.size()];
    for (int i = 0; i < rank.length; i++) {
      LabelledPair pair = pairs.get(i);
      OptionalDouble probability =
          assessments[i].verified()
              ? OptionalDouble.of(assessments[i].score())
              : verifier.probability(pair.a(), pair.b(), (float) cosines[i], TIMEOUT);
      double p = Math.clamp(probability.orElse(0), 1e-9, 1 - 1e-9);
      boolean refused = assessments[i].objection().isPresent();
      rank[i] = Math.log(p / (1 - p)) - (refused ? OBJECTION_LOG_ODDS : 0);
    }
    return rank;
  }

  private static CosinePoint cosinePoint(ScoredPairs byCosine, double share) {
    ScoredPairs.Point point = byCosine.servedAt(share);
    return new CosinePoint(
        share, point.served(), Double.isFinite(point.threshold()) ? point.threshold() : null);
  }

  private String refusal(Preset preset, int pair) {
    if (isUnread(pairs.get(pair))) {
      return "unread";
    }
    Verdict verdict = policy.decide(assessments[pair], threshold, preset.wrongShareMax());
    return verdict.served() ? null : verdict.reason();
  }

  private Map<String, PresetResult> results() {
    Map<String, PresetResult> results = new TreeMap<>();
    for (Preset preset : Preset.values()) {
      results.put(CacheEvaluation.name(preset), result(preset));
    }
    return results;
  }

  private PresetResult result(Preset preset) {
    int right = 0;
    int wrong = 0;
    Map<String, Integer> refusedBy = new TreeMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      String refusal = refusal(preset, i);
      if (refusal != null) {
        refusedBy.merge(refusal, 1, Integer::sum);
      } else if (positives[i]) {
        right++;
      } else {
        wrong++;
      }
    }
    return new PresetResult(share(right, count(positives)), share(wrong, right + wrong), refusedBy);
  }

  private Map<String, GroupResult> groups(Preset preset) {
    Map<String, List<Integer>> members = new TreeMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      int pair = i;
      pairs
          .get(i)
          .group()
          .ifPresent(group -> members.computeIfAbsent(group, g -> new ArrayList<>()).add(pair));
    }
    Map<String, GroupResult> groups = new TreeMap<>();
    double threshold = members.isEmpty() ? 0 : cosineOfSameRefusals(preset);
    members.forEach((group, some) -> groups.put(group, group(preset, some, threshold)));
    return groups;
  }

  /** {@return the cosine at which as many negative pairs are refused as the preset refuses} */
  private double cosineOfSameRefusals(Preset preset) {
    List<Double> negatives = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < pairs.size(); i++) {
      if (!positives[i]) {
        negatives.add(cosines[i]);
        refused += refusal(preset, i) == null ? 0 : 1;
      }
    }
    negatives.sort(null);
    return refused == negatives.size()
        ? Math.nextUp(negatives.isEmpty() ? 0 : negatives.getLast())
        : negatives.get(refused);
  }

  private GroupResult group(Preset preset, List<Integer> members, double threshold) {
    int positiveCount = 0;
    int served = 0;
    int refused = 0;
    int cosineServed = 0;
    for (int i : members) {
      boolean isServed = refusal(preset, i) == null;
      if (positives[i]) {
        positiveCount++;
        served += isServed ? 1 : 0;
        cosineServed += cosines[i] >= threshold ? 1 : 0;
      } else {
        refused += isServed ? 0 : 1;
      }
    }
    int negativeCount = members.size() - positiveCount;
    return new GroupResult(
        members.size(),
        positiveCount,
        share(served, positiveCount),
        negativeCount == 0 ? 1 : share(refused, negativeCount),
        share(cosineServed, positiveCount));
  }

  private static int count(boolean[] values) {
    int count = 0;
    for (boolean value : values) {
      count += value ? 1 : 0;
    }
    return count;
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static double micros(Histogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e3;
  }
}
