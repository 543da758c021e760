package dev.askonce.text;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A {@link SentenceModel} at work: one session of ONNX Runtime and threads that run it. */
abstract sealed class OnnxEmbedder implements Embedder permits MiniLmEmbedder, BgeSmallEmbedder {
  /* One text a run. The weights are 8 bits and activations are quantised on the fly with one scale
   * for the whole input tensor, so a text's vector depends on what else is in its batch, padding or
   * no padding. Over 1,000 texts in batches of 2, 8 and 32 of nearly equal length, the cosine to
   * the vector of the same text alone was 0.994 on average and 0.987 at worst, and none reached
   * 0.9999. Throughput comes from runs side by side instead (one session, several threads): two
   * threads double it, while a batch of 32 gains a factor of 1.6 on one.
   *
   * Each run stays in its thread: a second thread inside a run of a short text gains 6 to 8%,
   * a second run beside it 100%. Without inner threads there is nothing to spin either.
   */

  /**
   * Goes up when the same files and settings would give other vectors or flags: tokenizer rules,
   * pooling, graph optimisation.
   */
  private static final int PROCESSING_VERSION = 2;

  private final String fingerprint;
  private final OrtSession session;
  private final EmbeddingWorkers workers;
  private boolean sessionOpen = true;

  OnnxEmbedder(
      SentenceModel model, ModelFiles files, int tokensMax, int threadCount, int queuedMax) {
    fingerprint = fingerprint(model, files, tokensMax);
    WordPieceTokenizer tokenizer = TokenizerFile.read(files.tokenizer());
    OrtEnvironment environment = OnnxRuntimeLibrary.environment();
    session = session(environment, files.model());
    try {
      workers =
          new EmbeddingWorkers(
              threadCount,
              queuedMax,
              () -> new OnnxEncoder(environment, session, tokenizer, model.pooling(), tokensMax));
    } catch (Throwable e) {
      free(session);
      throw e;
    }
  }

  static String fingerprint(SentenceModel model, ModelFiles files, int tokensMax) {
    return String.join(
        " ",
        model.title(),
        "model=" + ModelFiles.sha256(files.model()),
        "tokenizer=" + ModelFiles.sha256(files.tokenizer()),
        "pooling=" + model.pooling(),
        "normalisation=l2",
        "tokens=" + tokensMax,
        "processing=" + PROCESSING_VERSION);
  }

  private static OrtSession session(OrtEnvironment environment, byte[] model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      return environment.createSession(model, options);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime cannot load the model", e);
    }
  }

  /** {@return {@value SentenceModel#DIMENSION}} */
  @Override
  public int dimension() {
    return SentenceModel.DIMENSION;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * {@inheritDoc} The wait for a free thread counts too; a call that leaves early gives its place
   * in the queue back.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its interrupt
   *     status stays set
   * @throws ModelException if the model fails
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    return workers.embed(text, saturatedNanos(timeout));
  }

  /**
   * {@inheritDoc} The texts run side by side on all threads, and all are embedded or none is
   * returned. Errors are those of {@link #embed}.
   */
  @Override
  public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
    workers.requireOpen();
    return workers.embedAll(texts, saturatedNanos(timeout));
  }

  /**
   * Refuses what waits, waits for what runs (one text a thread), and frees the model. A second call
   * does nothing.
   *
   * @throws ModelException if ONNX Runtime cannot free it
   */
  @Override
  public synchronized void close() {
    workers.close();
    if (sessionOpen) {
      sessionOpen = false;
      free(session);
    }
  }

  private static void free(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime cannot free the model", e);
    }
  }

  private static long saturatedNanos(Duration timeout) {
    // A quarter of the range, so that a deadline never wraps: 73 years.
    Duration longest = Duration.ofNanos(Long.MAX_VALUE / 4);
    return timeout.isNegative()
        ? 0
        : (timeout.compareTo(longest) > 0 ? longest : timeout).toNanos();
  }
}
