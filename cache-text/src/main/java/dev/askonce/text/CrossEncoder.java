package dev.askonce.text;

import ai.onnxruntime.OrtSession;
import dev.askonce.engine.spi.Verifier;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/**
 * Reads two English texts at once with the transformer of {@link MiniLmEmbedder}, trained further
 * on question pairs (a cross-encoder, after Nogueira and Cho 2019 and Reimers and Gurevych 2019):
 * each word of one text can attend to each of the other, which a cosine of two vectors cannot know.
 *
 * <p>Its model is a small resource with the changes to the embedder's own weights, made when it is
 * opened. It belongs to one model file and one tokenizer and refuses any other.
 *
 * <p>It cannot judge a pair of more tokens than it reads (128 in the model that is shipped, with
 * three that frame the texts), nor one with words that the vocabulary does not hold, as {@link
 * MiniLmEmbedder} has it. Like the embedder it is uncased and folds accents.
 *
 * <p>Threading: safe for any number of threads, virtual ones included; inference runs on threads of
 * its own. Across processors of different kinds the 8-bit arithmetic rounds differently.
 *
 * <p>Holds about 100 MB of native memory until closed.
 */
public final class CrossEncoder implements Verifier {
  private final String embedderFingerprint;
  private final PairCalibration calibration;
  private final OrtSession session;
  private final ModelWorkers<PairScorer.Texts, OptionalDouble> workers;
  private boolean sessionOpen = true;

  CrossEncoder(ModelFiles files, PairModel model, int runsMax, int threadsPerRun, int queuedMax) {
    embedderFingerprint = withoutTokens(OnnxEmbedder.fingerprint(SentenceModel.MINI_LM, files, 0));
    calibration = model.calibration();
    WordPieceTokenizer tokenizer = TokenizerFile.read(files.tokenizer());
    session = OnnxRuntimeLibrary.session(FusedBert.of(model.patched(files)), threadsPerRun);
    try {
      workers =
          new ModelWorkers<>(
              "verifier", runsMax, queuedMax, () -> new PairScorer(session, tokenizer, model));
    } catch (Throwable e) {
      OnnxRuntimeLibrary.free(session);
      throw e;
    }
  }

  /**
   * {@return a verifier with the model that is shipped and {@link CrossEncoderBuilder}'s defaults}
   */
  public static CrossEncoder open() {
    return builder().open();
  }

  /** {@return settings to open a verifier with} */
  public static CrossEncoderBuilder builder() {
    return new CrossEncoderBuilder();
  }

  /**
   * {@inheritDoc} It was calibrated with {@link MiniLmEmbedder}'s, whatever its token limit, which
   * changes no vector of a text within it.
   */
  @Override
  public boolean accepts(String fingerprint) {
    return embedderFingerprint.equals(withoutTokens(fingerprint));
  }

  /**
   * {@inheritDoc} The wait for a free thread counts too; a call that leaves early gives its place
   * in the queue back.
   *
   * @throws IllegalArgumentException if the cosine is no number from -1 to 1, give or take rounding
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its interrupt
   *     status stays set
   * @throws ModelException if the model fails
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public OptionalDouble probability(String asked, String stored, float cosine, Duration timeout)
      throws TimeoutException {
    Objects.requireNonNull(asked, "asked");
    Objects.requireNonNull(stored, "stored");
    if (!(Math.abs(cosine) <= 1.001f)) {
      throw new IllegalArgumentException("cosine " + cosine + " not in -1..1");
    }
    OptionalDouble logOdds =
        workers.run(new PairScorer.Texts(asked, stored), OnnxEmbedder.saturatedNanos(timeout));
    return logOdds.isEmpty()
        ? logOdds
        : OptionalDouble.of(calibration.probability(logOdds.getAsDouble(), cosine));
  }

  @Override
  public double leastProbability(double wrongShareMax) {
    if (!(wrongShareMax >= 0 && wrongShareMax <= 1)) {
      throw new IllegalArgumentException("wrongShareMax " + wrongShareMax + " not in 0..1");
    }
    return calibration.leastProbability(wrongShareMax);
  }

  /**
   * Refuses what waits, waits for what runs (one pair a thread), and frees the model. A second call
   * does nothing.
   *
   * @throws ModelException if ONNX Runtime cannot free it
   */
  @Override
  public synchronized void close() {
    workers.close();
    if (sessionOpen) {
      sessionOpen = false;
      OnnxRuntimeLibrary.free(session);
    }
  }

  private static String withoutTokens(String fingerprint) {
    return fingerprint.replaceFirst(" tokens=\\d+", "");
  }
}
