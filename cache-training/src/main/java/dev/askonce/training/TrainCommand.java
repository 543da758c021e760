package dev.askonce.training;

import dev.askonce.text.PairCalibration;
import dev.askonce.text.PairHead;
import dev.askonce.text.PairTokens;
import dev.askonce.text.PairTrainingBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a pair model on labelled pairs, measures it on some of them, and writes its file. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Trains the verifier on pairs of texts: JSON lines {a, b, label}, label 1 where one answer"
          + " serves both. Writes the file that CrossEncoder.builder().model(…) opens."
    })
final class TrainCommand implements Callable<Integer> {
  private static final double HEAD_RATE = 1e-3;
  private static final double WARM_UP = 0.06;
  private static final float DECAY = 0.01f;

  @Option(names = "--pairs", required = true, description = "the pairs, .jsonl or .jsonl.gz")
  Path pairs;

  @Option(names = "--out", required = true, description = "the model file to write")
  Path out;

  @Option(
      names = "--checkpoint",
      description = "where the weights are kept after each epoch; default: the out file, .ckpt")
  Path checkpoint;

  @Option(names = "--from", description = "a checkpoint to begin with")
  Path from;

  @Option(names = "--epochs", defaultValue = "3", description = "default ${DEFAULT-VALUE}; 0: none")
  int epochs;

  @Option(
      names = "--per-epoch",
      defaultValue = "2147483647",
      description = "pairs seen in an epoch, by chance, groups not counted; default: all")
  int perEpoch;

  @Option(names = "--rows", defaultValue = "32", description = "pairs of a batch, default 32")
  int rows;

  @Option(names = "--rate", defaultValue = "1e-4", description = "highest learning rate")
  double rate;

  @Option(names = "--dropout", defaultValue = "0.1", description = "default ${DEFAULT-VALUE}")
  float dropout;

  @Option(names = "--layers", defaultValue = "6", description = "layers trained, from the top")
  int layers;

  @Option(names = "--contrast", defaultValue = "0", description = "further pairs made by rule")
  int contrast;

  @Option(names = "--implied", defaultValue = "0", description = "further pairs that labels imply")
  int implied;

  @Option(
      names = "--groups",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "also the groups of questions that come with the trainer; --no-groups: without")
  boolean groups;

  @Option(names = "--held-out", defaultValue = "0.15", description = "share not trained on")
  double heldOut;

  @Option(names = "--tokens", defaultValue = "128", description = "tokens read of a pair")
  int tokens;

  @Option(names = "--threads", defaultValue = "1", description = "threads of PyTorch")
  int threads;

  @Option(names = "--seed", defaultValue = "1", description = "of the split and all else")
  long seed;

  @Spec CommandSpec spec;

  private PairTrainingBase base;

  public static void main(String[] args) {
    System.exit(new CommandLine(new TrainCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException, TimeoutException {
    if (epochs == 0 && from == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "nothing to do: give --epochs of at least 1, or a checkpoint by --from");
    }
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    base = PairTrainingBase.load(tokens);
    Split split = Split.byQuestion(PairFile.read(pairs), heldOut, seed);
    List<Pair> made = new ArrayList<>();
    if (contrast > 0) {
      made.addAll(ContrastPairs.of(split.training(), contrast, seed));
    }
    if (implied > 0) {
      made.addAll(ImpliedPairs.of(split.training(), implied, seed));
    }
    Split own = Split.byQuestion(groups ? QuestionGroups.own() : List.of(), heldOut, seed);
    System.out.printf(
        "%d pairs to train on, %d made of them, %d held out; of groups %d and %d%n",
        split.training().size(),
        made.size(),
        split.heldOut().size(),
        own.training().size(),
        own.heldOut().size());
    Path kept = checkpoint == null ? Path.of(out + ".ckpt") : checkpoint;
    if (epochs > 0) {
      train(split, made, own, kept);
    }
    export(Checkpoint.read(epochs > 0 ? kept : from), split.heldOut(), own.heldOut());
    return 0;
  }

  private void train(Split split, List<Pair> made, Split own, Path kept) throws IOException {
    try (PairNetwork network = new PairNetwork(base, layers, dropout, seed)) {
      List<Pair> all = new ArrayList<>(split.training());
      all.addAll(made);
      Training.Settings settings =
          new Training.Settings(epochs, rows, rate, HEAD_RATE, WARM_UP, DECAY, seed);
      Training training = new Training(network, settings);
      if (from == null) {
        training.startHead(examples(split.training(), new Random(seed)));
      } else {
        network.load(Checkpoint.read(from));
      }
      training.run(
          random -> examples(some(all, own.training(), random), random),
          examples(split.heldOut(), null),
          kept);
    }
  }

  private List<Pair> some(List<Pair> all, List<Pair> own, Random random) {
    List<Pair> order = new ArrayList<>(all);
    Collections.shuffle(order, random);
    List<Pair> some = new ArrayList<>(order.subList(0, Math.min(perEpoch, order.size())));
    some.addAll(own);
    return some;
  }

  /**
   * {@return the pairs in tokens, half of them with their texts exchanged if there is chance} Pairs
   * that the tokens do not say in full are left out, as they are not judged in service.
   */
  private List<Batch.Example> examples(List<Pair> from, Random random) {
    List<Batch.Example> examples = new ArrayList<>(from.size());
    for (Pair pair : from) {
      boolean exchanged = random != null && random.nextBoolean();
      PairTokens pairTokens =
          exchanged ? base.tokens(pair.b(), pair.a()) : base.tokens(pair.a(), pair.b());
      if (pairTokens.complete()) {
        examples.add(new Batch.Example(pairTokens, pair.label()));
      }
    }
    return examples;
  }

  private void export(Map<String, float[]> weights, List<Pair> pairs, List<Pair> ofGroups)
      throws IOException, TimeoutException {
    Files.write(out, model(weights, PairCalibration.NONE));
    HeldOut measured = HeldOut.measure(pairs, out);
    measured.report("held-out pairs");
    if (!ofGroups.isEmpty()) {
      HeldOut groupsMeasured = HeldOut.measure(ofGroups, out);
      groupsMeasured.report("held-out pairs of groups");
      measured = measured.with(groupsMeasured, new Random(seed));
      measured.report("both, by which it is calibrated");
    }
    byte[] file = model(weights, measured.calibration());
    Files.write(out, file);
    System.out.printf("%s: %,d bytes%n", out, file.length);
  }

  private byte[] model(Map<String, float[]> weights, PairCalibration calibration) {
    PairHead head =
        new PairHead(
            weights.get(PairNetwork.HEAD_FIRST),
            weights.get(PairNetwork.HEAD_PRODUCT),
            weights.get(PairNetwork.HEAD_DISTANCE),
            weights.get(PairNetwork.HEAD_BIAS)[0]);
    return base.pairModel(weights, head, calibration);
  }
}
