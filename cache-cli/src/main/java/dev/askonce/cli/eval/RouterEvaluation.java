package dev.askonce.cli.eval;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.route.Prompt;
import dev.askonce.optimizer.route.RouteMemory;
import dev.askonce.optimizer.route.RouterModel;
import dev.askonce.optimizer.route.RouterTrainer;
import dev.askonce.optimizer.route.RoutingCurve;
import dev.askonce.optimizer.route.RoutingSample;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/** Judges labelled prompts by a router, and by rules that need none. */
public final class RouterEvaluation implements AutoCloseable {
  private static final double[] LOSSES = {0.01, 0.03, 0.05};
  private static final int POINTS = 100;
  private static final int RESAMPLES = 500;
  private static final int BATCH = 64;
  private static final Duration BATCH_TIMEOUT = Duration.ofMinutes(10);

  /**
   * What to judge, and by which model.
   *
   * @param train rows to train a model on first, if any
   * @param write where that model is written, if anywhere
   * @param cross whether the rows are judged by models trained on the others of them
   */
  public record Settings(
      Path data,
      Optional<Path> train,
      Optional<Path> write,
      boolean cross,
      String weakModel,
      String strongModel) {}

  private final Settings settings;
  private final Progress progress;
  private final Embedder embedder = MiniLmEmbedder.open();

  public RouterEvaluation(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  @Override
  public void close() {
    embedder.close();
  }

  /**
   * {@return what was found}
   *
   * @throws InputException if a file cannot be used
   */
  public RouterReport run() throws IOException, TimeoutException {
    try {
      return evaluated();
    } catch (ChatException.InvalidSetting e) {
      throw new InputException(e.getMessage());
    }
  }

  private RouterReport evaluated() throws IOException, TimeoutException {
    RoutingData data = read(settings.data());
    Optional<List<RoutingSample>> training = Optional.empty();
    RouterModel model;
    if (settings.train().isPresent()) {
      RoutingData other = read(settings.train().get());
      training = Optional.of(samples(other));
      progress.step("training on " + training.get().size() + " prompts");
      model = trainer(other).train(training.get());
      if (settings.write().isPresent()) {
        model.write(settings.write().get());
      }
    } else {
      model = RouterModel.shipped(data.shipped());
    }
    List<RoutingSample> samples = samples(data);
    if (settings.cross()) {
      progress.step("cross validating");
    }
    double[] needs =
        settings.cross() ? trainer(data).crossValidate(samples) : needs(model, samples);
    RoutingCurve curve = RoutingCurve.of(samples, needs);
    RouteStability stability = new RouteStability(model, embedder);
    return new RouterReport(
        samples.size(),
        data.weakModel(),
        data.strongModel(),
        settings.cross() ? "cross validated" : training.isPresent() ? "trained" : "shipped",
        settings.cross() ? samples.size() : model.sampleCount(),
        curve.weakQuality(),
        curve.strongQuality(),
        curve.points(POINTS),
        shares(curve),
        apgr(curve),
        intervals(samples, needs),
        baselines(samples, training),
        stability.remembered(),
        stability.alone(),
        apgr(RoutingCurve.of(samples, settled(samples, needs))));
  }

  private RoutingData read(Path file) throws IOException {
    return RoutingData.read(file, settings.weakModel(), settings.strongModel());
  }

  private RouterTrainer trainer(RoutingData data) {
    return RouterTrainer.of(data.weakModel(), data.strongModel(), embedder.fingerprint());
  }

  private static double[] needs(RouterModel model, List<RoutingSample> samples) {
    return needs(samples, sample -> model.need(sample.prompt(), sample.vector()));
  }

  private static double[] needs(List<RoutingSample> samples, ToDoubleFunction<RoutingSample> need) {
    return samples.stream().mapToDouble(need).toArray();
  }

  private List<RoutingSample> samples(RoutingData data) throws TimeoutException {
    List<RoutingSample> samples = new ArrayList<>();
    List<RoutingData.Row> rows = data.rows();
    for (int from = 0; from < rows.size(); from += BATCH) {
      List<RoutingData.Row> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
      List<Embedding> embeddings =
          embedder.embedAll(batch.stream().map(RoutingData.Row::prompt).toList(), BATCH_TIMEOUT);
      for (int i = 0; i < batch.size(); i++) {
        RoutingData.Row row = batch.get(i);
        samples.add(
            new RoutingSample(
                Prompt.of(row.prompt()),
                embeddings.get(i).vector(),
                row.domain(),
                row.weak(),
                row.strong()));
      }
      progress.tell(() -> samples.size() + " of " + rows.size() + " prompts embedded");
    }
    return samples;
  }

  private static double[] settled(List<RoutingSample> samples, double[] needs) {
    RouteMemory memory = RouteMemory.standard();
    double[] settled = new double[needs.length];
    for (int i = 0; i < settled.length; i++) {
      settled[i] = memory.settle("eval", samples.get(i).vector(), needs[i]);
    }
    return settled;
  }

  private static Map<String, RouterReport.Baseline> baselines(
      List<RoutingSample> samples, Optional<List<RoutingSample>> training) {
    Map<String, RouterReport.Baseline> baselines = new LinkedHashMap<>();
    RoutingCurve random = RoutingCurve.of(samples, new double[samples.size()]);
    baselines.put("random", baseline(random));
    baselines.put(
        "longestPrompt",
        baseline(RoutingCurve.of(samples, needs(samples, s -> s.prompt().text().length()))));
    baselines.put("alwaysCheap", alwaysCheap(random));
    baselines.put(
        "domainTable",
        baseline(RoutingCurve.of(samples, DomainTable.outOfSample(samples, training))));
    baselines.put(
        "oracle", baseline(RoutingCurve.of(samples, needs(samples, RoutingSample::gain))));
    return baselines;
  }

  private static RouterReport.Baseline baseline(RoutingCurve curve) {
    return new RouterReport.Baseline(shares(curve), apgr(curve));
  }

  /** All or nothing: it closes none of the gap. */
  private static RouterReport.Baseline alwaysCheap(RoutingCurve curve) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (double loss : LOSSES) {
      boolean allowed = curve.weakQuality() >= (1 - loss) * curve.strongQuality();
      shares.put(Double.toString(loss), allowed ? 1.0 : 0.0);
    }
    return new RouterReport.Baseline(shares, 0.0);
  }

  private static Map<String, Double> shares(RoutingCurve curve) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (double loss : LOSSES) {
      shares.put(Double.toString(loss), curve.shareCheapAtLoss(loss));
    }
    return shares;
  }

  private static Double apgr(RoutingCurve curve) {
    return curve.strongQuality() > curve.weakQuality() ? curve.apgr() : null;
  }

  private static RouterReport.Intervals intervals(List<RoutingSample> samples, double[] needs) {
    Random random = new Random(1);
    int n = needs.length;
    double[][] shares = new double[LOSSES.length][RESAMPLES];
    double[] areas = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double[] need = new double[n];
      double[] weak = new double[n];
      double[] strong = new double[n];
      for (int i = 0; i < n; i++) {
        int drawn = random.nextInt(n);
        need[i] = needs[drawn];
        weak[i] = samples.get(drawn).weak();
        strong[i] = samples.get(drawn).strong();
      }
      RoutingCurve curve = RoutingCurve.of(need, weak, strong);
      areas[r] = curve.apgr();
      for (int l = 0; l < LOSSES.length; l++) {
        shares[l][r] = curve.shareCheapAtLoss(LOSSES[l]);
      }
    }
    Map<String, double[]> byLoss = new LinkedHashMap<>();
    for (int l = 0; l < LOSSES.length; l++) {
      byLoss.put(Double.toString(LOSSES[l]), ends(shares[l]));
    }
    return new RouterReport.Intervals(byLoss, ends(areas));
  }

  private static double[] ends(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0
        ? new double[0]
        : new double[] {
          sorted[(int) (0.025 * sorted.length)], sorted[(int) (0.975 * sorted.length)]
        };
  }
}
