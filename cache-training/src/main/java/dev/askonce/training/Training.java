package dev.askonce.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs a network over the pairs again and again, with a rate that rises first and then falls. */
final class Training {
  /**
   * Settings of a run.
   *
   * @param epochs times that every pair is seen
   * @param rows pairs of a batch
   * @param rate the highest learning rate of the transformer
   * @param headRate the highest learning rate of the head, which starts from nothing
   * @param warmUp the share of all steps in which the rate rises, 0 to 1
   * @param decay weight decay of AdamW
   */
  record Settings(
      int epochs, int rows, double rate, double headRate, double warmUp, float decay, long seed) {}

  private static final int HEAD_START_PAIRS = 2000;
  private static final int BATCHES_LEFT_OUT_MAX = 20;
  private static final int STEPS_BETWEEN_LOOKS = 450;
  private static final int LOOK_PAIRS = 1500;
  private static final int STEPS_BETWEEN_REPORTS = 50;

  private final PairNetwork network;
  private final Settings settings;
  private final AdamW optimizer;
  private final long startNanos = System.nanoTime();
  private int stepsDone;
  private int batchesLeftOut;

  Training(PairNetwork network, Settings settings) {
    this.network = network;
    this.settings = settings;
    optimizer = new AdamW(network.trained(), settings.decay);
  }

  /**
   * Trains, and writes a checkpoint after every epoch.
   *
   * @param examples gives the examples of an epoch; another order of two texts is another example
   */
  void run(
      Function<Random, List<Batch.Example>> examples, List<Batch.Example> heldOut, Path checkpoint)
      throws IOException {
    Random random = new Random(settings.seed);
    for (int epoch = 1; epoch <= settings.epochs; epoch++) {
      runEpoch(epoch, Batch.shuffled(examples.apply(random), settings.rows, random), heldOut);
      Checkpoint.write(checkpoint, network.trained());
      System.out.printf("epoch %d: %s%n", epoch, curve(heldOut, logits(heldOut)));
    }
  }

  private void runEpoch(int epoch, List<Batch> batches, List<Batch.Example> heldOut) {
    List<Batch.Example> some = heldOut.subList(0, Math.min(LOOK_PAIRS, heldOut.size()));
    int steps = settings.epochs * batches.size();
    double losses = 0;
    network.training(true);
    for (int i = 1; i <= batches.size(); i++) {
      losses += step(batches.get(i - 1), factor(++stepsDone, steps));
      if (i % STEPS_BETWEEN_REPORTS == 0) {
        System.out.printf(
            "epoch %d step %d of %d: loss %.4f, %.0f s%n",
            epoch,
            i,
            batches.size(),
            losses / STEPS_BETWEEN_REPORTS,
            (System.nanoTime() - startNanos) / 1e9);
        losses = 0;
      }
      if (i % STEPS_BETWEEN_LOOKS == 0) {
        System.out.println("  " + curve(some, logits(some)));
        network.training(true);
      }
    }
  }

  /** Makes a new head the best that the cosine of the two means allows. */
  void startHead(List<Batch.Example> examples) {
    List<Batch.Example> some = examples.subList(0, Math.min(HEAD_START_PAIRS, examples.size()));
    double[] cosines = logits(some);
    double[][] features = new double[cosines.length][];
    Arrays.setAll(features, i -> new double[] {cosines[i]});
    int[] labels = some.stream().mapToInt(Batch.Example::label).toArray();
    double[] factors = LogisticFit.fit(features, labels);
    network.startHead(factors[0], factors[1]);
    System.out.println("before: " + new Curve(cosines, labels));
  }

  private double step(Batch batch, double factor) {
    try (NDManager step = network.manager().newSubManager()) {
      double value;
      try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
        NDArray loss = network.loss(batch, step);
        value = loss.getFloat();
        gradients.backward(loss);
      }
      if (!optimizer.step(factor * settings.rate, factor * settings.headRate)) {
        System.out.printf("a batch of loss %.4f has no gradient and is left out%n", value);
        if (++batchesLeftOut > BATCHES_LEFT_OUT_MAX) {
          throw new IllegalStateException("the training has come apart: no gradients any more");
        }
      }
      return value;
    }
  }

  private double factor(int step, int steps) {
    double warm = Math.max(1, settings.warmUp * steps);
    return step <= warm ? step / warm : (steps - step) / (steps - warm);
  }

  /** {@return the log odds of every example, in their order} */
  double[] logits(List<Batch.Example> examples) {
    network.training(false);
    double[] logits = new double[examples.size()];
    List<Integer> order = new ArrayList<>(IntStream.range(0, logits.length).boxed().toList());
    order.sort(Comparator.comparingInt(i -> examples.get(i).tokens().ids().length));
    for (int from = 0; from < logits.length; from += settings.rows) {
      List<Integer> rows = order.subList(from, Math.min(from + settings.rows, logits.length));
      try (NDManager step = network.manager().newSubManager()) {
        float[] found =
            network
                .logits(Batch.of(rows.stream().map(examples::get).toList()), step)
                .toFloatArray();
        for (int i = 0; i < found.length; i++) {
          logits[rows.get(i)] = found[i];
        }
      }
    }
    return logits;
  }

  static Curve curve(List<Batch.Example> examples, double[] scores) {
    return new Curve(scores, examples.stream().mapToInt(Batch.Example::label).toArray());
  }
}
