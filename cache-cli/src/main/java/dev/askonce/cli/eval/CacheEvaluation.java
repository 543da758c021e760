package dev.askonce.cli.eval;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.Preset;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** The evaluations of the cache's decision, with the embedder that comes with the program. */
public final class CacheEvaluation implements AutoCloseable {
  private final float threshold;
  private final Progress progress;
  private final Embedder embedder;
  private final Verifier verifier;

  /**
   * @param threshold raw cosine, for what no verifier weighs, from 0 to 1
   */
  public CacheEvaluation(float threshold, Progress progress) {
    InputException.require(
        threshold >= 0 && threshold <= 1, "threshold " + threshold + " is not from 0 to 1");
    this.threshold = threshold;
    embedder = MiniLmEmbedder.open();
    verifier = CrossEncoder.open();
    this.progress = progress;
  }

  /** Evaluates labelled pairs: see {@link PairReport}. */
  public PairReport pairs(Path file) throws IOException, TimeoutException {
    List<LabelledPair> pairs = LabelledPair.read(file);
    return new PairEvaluation(pairs, embedder, verifier, policy(), threshold, progress).run();
  }

  /** Replays traffic: see {@link ReplayReport}. */
  public ReplayReport replay(Path file) throws IOException {
    return new TrafficReplay(file, embedder, threshold, progress).run(policy());
  }

  private GuardedPolicy policy() {
    return GuardedPolicy.builder().languages(new English()).verifier(verifier).build();
  }

  /** {@return the name of a preset in reports} */
  static String name(Preset preset) {
    return preset.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    verifier.close();
    embedder.close();
  }
}
