package dev.askonce.training;

import dev.askonce.engine.spi.Embedding;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.PairCalibration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * Held-out pairs with what the finished model says of them, as it will run in service: rounded to 8
 * bits, by ONNX Runtime. Pairs that it cannot judge are left out and counted.
 */
final class HeldOut {
  /** Accepted wrong shares that a model is calibrated for. */
  private static final double[] WRONG_SHARES = {
    0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20
  };

  private static final Duration AMPLE = Duration.ofMinutes(1);
  private static final int RELIABILITY_BINS = 10;

  private final double[][] features;
  private final int[] labels;
  private final int unjudged;
  private final double microsOfPair;

  private HeldOut(double[][] features, int[] labels, int unjudged, double microsOfPair) {
    this.features = features;
    this.labels = labels;
    this.unjudged = unjudged;
    this.microsOfPair = microsOfPair;
  }

  /**
   * @param model a file with {@link PairCalibration#NONE}
   */
  static HeldOut measure(List<Pair> pairs, Path model) throws TimeoutException {
    List<double[]> features = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    long nanos = 0;
    try (MiniLmEmbedder embedder = MiniLmEmbedder.builder().threads(1).open();
        CrossEncoder encoder = CrossEncoder.builder().model(model).threads(1).open()) {
      for (Pair pair : pairs) {
        float cosine = cosine(embedder.embedAll(List.of(pair.a(), pair.b()), AMPLE));
        long start = System.nanoTime();
        OptionalDouble probability = encoder.probability(pair.a(), pair.b(), cosine, AMPLE);
        nanos += System.nanoTime() - start;
        if (probability.isPresent()) {
          double p = probability.getAsDouble();
          features.add(new double[] {Math.log(p) - Math.log1p(-p), cosine});
          labels.add(pair.label());
        }
      }
    }
    return new HeldOut(
        features.toArray(double[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        pairs.size() - labels.size(),
        nanos / 1e3 / pairs.size());
  }

  private static float cosine(List<Embedding> embeddings) {
    float sum = 0;
    float[] a = embeddings.get(0).vector();
    float[] b = embeddings.get(1).vector();
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@return the probability and the least probabilities that fit these pairs best} */
  PairCalibration calibration() {
    double[] factors = LogisticFit.fit(features, labels);
    Curve curve = curve(factors);
    double[] least = new double[WRONG_SHARES.length];
    for (int i = 0; i < least.length; i++) {
      least[i] = curve.at(WRONG_SHARES[i]).least();
    }
    return new PairCalibration(factors[0], factors[1], factors[2], WRONG_SHARES, least);
  }

  /** {@return these and others together, in an order by chance} */
  HeldOut with(HeldOut others, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < labels.length + others.labels.length; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    double[][] allFeatures = new double[order.size()][];
    int[] allLabels = new int[order.size()];
    for (int i = 0; i < allLabels.length; i++) {
      int at = order.get(i);
      boolean own = at < labels.length;
      allFeatures[i] = own ? features[at] : others.features[at - labels.length];
      allLabels[i] = own ? labels[at] : others.labels[at - labels.length];
    }
    return new HeldOut(
        allFeatures,
        allLabels,
        unjudged + others.unjudged,
        (microsOfPair * labels.length + others.microsOfPair * others.labels.length)
            / Math.max(1, allLabels.length));
  }

  /** Prints the curves, the reliability, and what thresholds of one half do to the other. */
  void report(String title) {
    System.out.printf(
        "%s: %d, %d not judged, %.0f µs a pair on one thread%n",
        title, labels.length, unjudged, microsOfPair);
    double[] cosines = new double[labels.length];
    double[] logOdds = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      logOdds[i] = features[i][0];
      cosines[i] = features[i][1];
    }
    System.out.println("cosine:     " + new Curve(cosines, labels));
    System.out.println("model:      " + new Curve(logOdds, labels));
    double[] factors = LogisticFit.fit(features, labels);
    System.out.println("calibrated: " + curve(factors));
    reportReliability(curve(factors));
    reportHalves();
  }

  private static void reportReliability(Curve curve) {
    System.out.println("| probability | pairs | mean probability | share of label 1 |");
    System.out.println("| --- | --- | --- | --- |");
    for (int bin = 0; bin < RELIABILITY_BINS; bin++) {
      double from = (double) bin / RELIABILITY_BINS;
      double to = (bin + 1.0) / RELIABILITY_BINS;
      int count = 0;
      int ones = 0;
      double sum = 0;
      for (int i = 0; i < curve.labels().length; i++) {
        double p = curve.scores()[i];
        if (p >= from && (p < to || bin == RELIABILITY_BINS - 1)) {
          count++;
          ones += curve.labels()[i];
          sum += p;
        }
      }
      System.out.printf(
          "| %.1f to %.1f | %d | %.3f | %.3f |%n",
          from, to, count, sum / count, (double) ones / count);
    }
  }

  /** Calibrates on one half and serves the other by it, both ways: what an operator will see. */
  private void reportHalves() {
    System.out.println(
        "| accepted wrong share | served of label 1 | wrong among served | least probability, all"
            + " |");
    System.out.println("| --- | --- | --- | --- |");
    double[] least = calibration().leastProbabilities();
    int middle = labels.length / 2;
    PairCalibration[] calibrations = {
      part(middle, labels.length).calibration(), part(0, middle).calibration()
    };
    for (int k = 0; k < WRONG_SHARES.length; k++) {
      int served = 0;
      int wrong = 0;
      int positives = 0;
      for (int i = 0; i < labels.length; i++) {
        PairCalibration calibration = calibrations[i < middle ? 0 : 1];
        double[] factors = {
          calibration.intercept(), calibration.logOddsFactor(), calibration.cosineFactor()
        };
        boolean serves =
            LogisticFit.probability(factors, features[i]) >= calibration.leastProbabilities()[k];
        positives += labels[i];
        served += serves ? 1 : 0;
        wrong += serves ? 1 - labels[i] : 0;
      }
      System.out.printf(
          "| %.0f%% | %.1f%% | %.1f%% | %.3f |%n",
          100 * WRONG_SHARES[k],
          100.0 * (served - wrong) / positives,
          100.0 * wrong / Math.max(1, served),
          least[k]);
    }
  }

  private HeldOut part(int from, int to) {
    return new HeldOut(
        Arrays.copyOfRange(features, from, to), Arrays.copyOfRange(labels, from, to), 0, 0);
  }

  private Curve curve(double[] factors) {
    double[] scores = new double[labels.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = LogisticFit.probability(factors, features[i]);
    }
    return new Curve(scores, labels);
  }
}
