package dev.askonce.text;

/** Settings of a {@link MiniLmEmbedder}. Not thread-safe; may open several embedders. */
public final class MiniLmEmbedderBuilder {
  private static final int THREADS_DEFAULT_MAX = 8;

  static final int THREADS_DEFAULT = threadsDefault(1);
  static final int QUEUED_DEFAULT = 128;

  private int maxTokens = 256;
  private int threads;
  private int threadsPerText = 1;
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

  /** {@return how many runs the processors have room for if each takes so many threads} */
  static int threadsDefault(int threadsPerRun) {
    int runs = Runtime.getRuntime().availableProcessors() / threadsPerRun;
    return Math.clamp(runs, 1, THREADS_DEFAULT_MAX);
  }

  /**
   * Texts embedded at the same time. Default: as many as there are processors for {@link
   * #threadsPerText}, at most 8.
   *
   * @param value from 1 to 256
   */
  public MiniLmEmbedderBuilder threads(int value) {
    require(value >= 1 && value <= 256, "threads " + value + " not in 1..256");
    threads = value;
    return this;
  }

  /**
   * Threads that embed one text together. Default 1, which is right for a service: several texts
   * run side by side, nothing spins, and a busy processor delays no more than what runs on it.
   *
   * <p>With 2 a single short text takes a quarter to a third less time, on processors that have
   * nothing else to do. The second thread spins while the text is embedded, and sleeps between
   * texts. Where other work competes for the processors one thread waits for the other again and
   * again, and a text can take several times as long as with 1. The vectors are the same.
   *
   * @param value from 1 to 16
   */
  public MiniLmEmbedderBuilder threadsPerText(int value) {
    require(value >= 1 && value <= 16, "threadsPerText " + value + " not in 1..16");
    threadsPerText = value;
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
    int runs = threads == 0 ? threadsDefault(threadsPerText) : threads;
    return new MiniLmEmbedder(files, maxTokens, runs, threadsPerText, queuedTextsMax);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
