package dev.askonce.text;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * all-MiniLM-L6-v2 (Wang et al. 2020, Reimers and Gurevych 2019) in the JVM, quantised to 8 bits:
 * an English sentence becomes a vector of {@value #DIMENSION} floats and unit length whose dot
 * product with another is the cosine. An empty or blank text has a vector too, that of a text
 * without words; it is the same for all blank texts.
 *
 * <p>A text longer than the token limit is embedded by its beginning and reported as {@linkplain
 * Embedding#truncated truncated}. So is a text with a word outside the vocabulary (an emoji, a word
 * in a script it hardly covers, one of over 100 characters): the model sees one and the same
 * unknown token for all of them. And so is one with vowel, tone or voicing marks of scripts other
 * than Latin, Greek and Cyrillic, which the model drops as if they were accents.
 *
 * <p>The model is uncased and folds accents, so texts that differ in these alone, in control
 * characters or in white space beside punctuation have cosine 1.
 *
 * <p>Threading: safe for any number of threads, virtual ones included; inference runs on threads of
 * its own. Equal texts give equal vectors in one process, alone or in a list, whoever else is
 * asking. Across processors of different kinds the 8-bit arithmetic rounds differently.
 *
 * <p>Holds about 100 MB of native memory until closed.
 */
public final class MiniLmEmbedder implements Embedder {
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

  /** Components of a vector. */
  public static final int DIMENSION = 384;

  /**
   * Goes up when the same files and settings would give other vectors or flags: tokenizer rules,
   * pooling, graph optimisation.
   */
  private static final int PROCESSING_VERSION = 2;

  private final String fingerprint;
  private final OrtSession session;
  private final EmbeddingWorkers workers;
  private boolean sessionOpen = true;

  private MiniLmEmbedder(String fingerprint, OrtSession session, EmbeddingWorkers workers) {
    this.fingerprint = fingerprint;
    this.session = session;
    this.workers = workers;
  }

  /** {@return an embedder with the settings of {@link MiniLmEmbedderBuilder}'s defaults} */
  public static MiniLmEmbedder open() {
    return builder().open();
  }

  /** {@return settings to open an embedder with} */
  public static MiniLmEmbedderBuilder builder() {
    return new MiniLmEmbedderBuilder();
  }

  static MiniLmEmbedder open(ModelFiles files, int tokensMax, int threadCount, int queuedMax) {
    String fingerprint = fingerprint(files, tokensMax);
    WordPieceTokenizer tokenizer = TokenizerFile.read(files.tokenizer());
    OrtEnvironment environment = OnnxRuntimeLibrary.environment();
    OrtSession session = session(environment, files.model());
    try {
      EmbeddingWorkers workers =
          new EmbeddingWorkers(
              threadCount,
              queuedMax,
              () -> new OnnxEncoder(environment, session, tokenizer, tokensMax));
      return new MiniLmEmbedder(fingerprint, session, workers);
    } catch (Throwable e) {
      free(session);
      throw e;
    }
  }

  static String fingerprint(ModelFiles files, int tokensMax) {
    return String.join(
        " ",
        "all-MiniLM-L6-v2-q",
        "model=" + ModelFiles.sha256(files.model()),
        "tokenizer=" + ModelFiles.sha256(files.tokenizer()),
        "pooling=mean",
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

  /** {@return {@value #DIMENSION}} */
  @Override
  public int dimension() {
    return DIMENSION;
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
