package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Learns from samples of a pair of models how much a prompt needs the standard one.
 *
 * <p>What is learned (gain, or how often the budget model is wrong) and the weights of the {@link
 * Blend} are chosen by the area under the curve of quality against share, cross validated in five
 * parts within the samples given, none of whose texts lies in two parts. Equal samples and seed
 * give an equal model.
 */
public final class RouterTrainer {
  /** Samples below which there is nothing to learn. */
  public static final int SAMPLES_MIN = 100;

  private static final int SAMPLES_FEW = 3_000;
  private static final int PARTS = 5;
  private static final double LOSS_DEFAULT = 0.03;

  private final String weakModel;
  private final String strongModel;
  private final String embedder;
  private final long seed;

  private RouterTrainer(String weakModel, String strongModel, String embedder, long seed) {
    this.weakModel = weakModel;
    this.strongModel = strongModel;
    this.embedder = embedder;
    this.seed = seed;
  }

  /**
   * {@return a trainer for two models}
   *
   * @param embedder the {@linkplain dev.askonce.engine.spi.Embedder#fingerprint fingerprint} of
   *     what has made the samples' vectors
   */
  public static RouterTrainer of(String weakModel, String strongModel, String embedder) {
    return new RouterTrainer(weakModel, strongModel, embedder, 1);
  }

  /** {@return this trainer with other parts of cross validation} */
  public RouterTrainer seed(long value) {
    return new RouterTrainer(weakModel, strongModel, embedder, value);
  }

  /**
   * {@return the model}
   *
   * @throws ChatException.InvalidSetting if there are fewer than {@link #SAMPLES_MIN} samples, or
   *     both models always did equally well
   */
  public RouterModel train(List<RoutingSample> samples) {
    require(samples);
    return fitted(samples);
  }

  private RouterModel fitted(List<RoutingSample> samples) {
    List<float[]> features = features(samples);
    // With few samples one split is a lottery, and three cost little.
    int rounds = samples.size() < SAMPLES_FEW ? 3 : 1;
    List<TrainingOptions> options = TrainingOptions.of(samples);
    Trust trust = TrainingOptions.trust(samples);
    Projection projection = Projection.of(samples.stream().map(RoutingSample::vector).toList());
    double[] areas = new double[options.size()];
    double[][] scores = new double[options.size()][samples.size()];
    for (int round = 0; round < rounds; round++) {
      outOfPart(
          samples, features, projection, trust, parts(samples, seed + round), options, scores);
      for (int i = 0; i < areas.length; i++) {
        areas[i] += RoutingCurve.of(samples, scores[i]).meanQuality();
      }
    }
    int best = 0;
    for (int i = 1; i < areas.length; i++) {
      best = areas[i] > areas[best] ? i : best;
    }
    TrainingOptions chosen = options.get(best);
    LogisticScale scale =
        LogisticScale.fit(
            scores[best], samples.stream().mapToDouble(s -> Math.max(0, s.gain())).toArray());
    double[] needs = Arrays.stream(scores[best]).map(scale::of).toArray();
    double threshold = RoutingCurve.of(samples, needs).thresholdAtLoss(LOSS_DEFAULT);
    return new RouterModel(
        weakModel,
        strongModel,
        embedder,
        samples.size(),
        threshold,
        new Opinions(samples, features, projection, trust).blend(chosen),
        scale);
  }

  /**
   * {@return the need of each sample, by a model that was trained on the other parts alone} The
   * five models' needs are brought to one scale.
   *
   * @throws ChatException.InvalidSetting as {@link #train}
   */
  public double[] crossValidate(List<RoutingSample> samples) {
    require(samples);
    int[] parts = parts(samples, seed);
    double[] needs = new double[samples.size()];
    for (int part = 0; part < PARTS; part++) {
      List<RoutingSample> others = new ArrayList<>();
      for (int i = 0; i < parts.length; i++) {
        if (parts[i] != part) {
          others.add(samples.get(i));
        }
      }
      RouterModel model = fitted(others);
      for (int i = 0; i < parts.length; i++) {
        if (parts[i] == part) {
          needs[i] = model.need(samples.get(i).prompt(), samples.get(i).vector());
        }
      }
    }
    return onOneScale(needs, parts);
  }

  /**
   * Each part by its order alone, with the needs of all: a part that happens to hold many failures
   * leaves few to the model that judges it, which then finds little need in just that part.
   */
  private static double[] onOneScale(double[] needs, int[] parts) {
    double[] all = needs.clone();
    Arrays.sort(all);
    double[] scaled = new double[needs.length];
    for (int part = 0; part < PARTS; part++) {
      int own = part;
      List<Integer> order =
          IntStream.range(0, parts.length)
              .filter(i -> parts[i] == own)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> needs[i]))
              .toList();
      for (int rank = 0; rank < order.size(); rank++) {
        scaled[order.get(rank)] = all[(int) ((rank + 0.5) / order.size() * all.length)];
      }
    }
    return scaled;
  }

  private static void require(List<RoutingSample> samples) {
    if (samples.size() < SAMPLES_MIN) {
      throw new ChatException.InvalidSetting(
          samples.size() + " samples are too few to train on; give " + SAMPLES_MIN + " or more");
    }
    if (samples.stream().allMatch(sample -> sample.gain() == 0)) {
      throw new ChatException.InvalidSetting(
          "both models did equally well on each of the samples; there is nothing to learn");
    }
  }

  private static List<float[]> features(List<RoutingSample> samples) {
    return samples.stream().map(sample -> PromptFeatures.of(sample.prompt())).toList();
  }

  /** {@return the part of each sample; equal texts share one} */
  private static int[] parts(List<RoutingSample> samples, long seed) {
    Random random = new Random(seed);
    Map<String, Integer> byText = new HashMap<>();
    int[] parts = new int[samples.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] =
          byText.computeIfAbsent(samples.get(i).prompt().text(), text -> random.nextInt(PARTS));
    }
    return parts;
  }

  /** Sets what each option says of each sample that it has not learned from. */
  private static void outOfPart(
      List<RoutingSample> samples,
      List<float[]> features,
      Projection projection,
      Trust trust,
      int[] parts,
      List<TrainingOptions> options,
      double[][] scores) {
    for (int part = 0; part < PARTS; part++) {
      List<RoutingSample> others = new ArrayList<>();
      List<float[]> otherFeatures = new ArrayList<>();
      for (int i = 0; i < parts.length; i++) {
        if (parts[i] != part) {
          others.add(samples.get(i));
          otherFeatures.add(features.get(i));
        }
      }
      Opinions opinions = new Opinions(others, otherFeatures, projection, trust);
      for (int i = 0; i < parts.length; i++) {
        if (parts[i] == part) {
          Opinions.Said said = opinions.on(features.get(i), samples.get(i).vector());
          for (int o = 0; o < scores.length; o++) {
            scores[o][i] = said.score(options.get(o));
          }
        }
      }
    }
  }
}
