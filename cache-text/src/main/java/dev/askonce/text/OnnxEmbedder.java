package dev.askonce.text;

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
   * So each run stays in its thread unless the builder is told otherwise: a second run beside it
   * doubles the throughput, a second thread inside it gains a third at best, and only on idle
   * processors.
   */

  /**
   * Goes up when the same files and settings would give other vectors or flags: tokenizer rules,
   * pooling, graph optimisation.
   */
  private static final int PROCESSING_VERSION = 2;

  private final String fingerprint;
  private final OrtSession session;
  private final ModelWorkers<String, Embedding> workers;
  private boolean sessionOpen = true;

  OnnxEmbedder(
      SentenceModel model,
      ModelFiles files,
      int tokensMax,
      int runsMax,
      int threadsPerRun,
      int queuedMax) {
    fingerprint = fingerprint(model, files, tokensMax);
    WordPieceTokenizer tokenizer = TokenizerFile.read(files.tokenizer());
    session = OnnxRuntimeLibrary.session(FusedBert.of(files.model()), threadsPerRun);
    try {
      workers =
          new ModelWorkers<>(
              "embedder",
              runsMax,
              queuedMax,
              () -> new OnnxEncoder(session, tokenizer, model.pooling(), tokensMax));
    } catch (Throwable e) {
      OnnxRuntimeLibrary.free(session);
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
    return workers.run(text, saturatedNanos(timeout));
  }

  /**
   * {@inheritDoc} The texts run side by side on all threads, and all are embedded or none is
   * returned. Errors are those of {@link #embed}.
   */
  @Override
  public List<Embedding> embedAll(List<String> texts, Duration timeout) throws TimeoutException {
    workers.requireOpen();
    return workers.runAll(texts, saturatedNanos(timeout));
  }

  /**
   * Refuses what waits, waits for what runs (one text a run), and frees the model. A second call
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

  /** {@return a wait in nanoseconds, from 0 to a quarter of the range} */
  static long saturatedNanos(Duration timeout) {
    // A quarter of the range, so that a deadline never wraps: 73 years.
    Duration longest = Duration.ofNanos(Long.MAX_VALUE / 4);
    return timeout.isNegative()
        ? 0
        : (timeout.compareTo(longest) > 0 ? longest : timeout).toNanos();
  }
}
