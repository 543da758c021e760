package dev.askonce.text;

/** Settings of a {@link MiniLmEmbedder}. Not thread-safe; may open several embedders. */
public final class MiniLmEmbedderBuilder {
  private static final int THREADS_DEFAULT_MAX = 8;

  static final int THREADS_DEFAULT =
      Math.min(Runtime.getRuntime().availableProcessors(), THREADS_DEFAULT_MAX);
  static final int QUEUED_DEFAULT = 128;

  private int maxTokens = 256;
  private int threads = THREADS_DEFAULT;
  private int queuedTextsMax = QUEUED_DEFAULT;

  MiniLmEmbedderBuilder() {}

  /**
   * Tokens read of a text, with the two that frame it; part of the fingerprint. Default 256, as the
   * model was published with.
   *
   * @param value from 3 to 512
   */
  public MiniLmEmbedderBuilder maxTokens(int value) {
    require(
        value >= 3 && value <= SentenceModel.TOKENS_LIMIT, "maxTokens " + value + " not in 3..512");
    maxTokens = value;
    return this;
  }

  /**
   * Texts embedded at the same time, each on one thread. Default: one for each processor, at most
   * 8.
   *
   * @param value from 1 to 256
   */
  public MiniLmEmbedderBuilder threads(int value) {
    require(value >= 1 && value <= 256, "threads " + value + " not in 1..256");
    threads = value;
    return this;
  }

  /**
   * Texts that may wait for a thread; a further caller waits for a place until its deadline.
   * Default 128.
   *
   * @param value from 1 to 65,536
   */
  public MiniLmEmbedderBuilder queuedTextsMax(int value) {
    require(value >= 1 && value <= 65_536, "queuedTextsMax " + value + " not in 1..65536");
    queuedTextsMax = value;
    return this;
  }

  /**
   * Loads the model from the class path and starts the threads; takes about a second.
   *
   * @throws ModelException if the artifact with the model is missing or ONNX Runtime cannot start
   */
  public MiniLmEmbedder open() {
    ModelFiles files =
        ModelFiles.load(SentenceModel.MINI_LM, MiniLmEmbedderBuilder.class.getClassLoader());
    return new MiniLmEmbedder(files, maxTokens, threads, queuedTextsMax);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
