package dev.askonce.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Settings of a {@link CrossEncoder}. Not thread-safe; may open several. */
public final class CrossEncoderBuilder {
  /** The model that is shipped, beside this class. */
  static final String SHIPPED = "pair-model.bin";

  private int threads;
  private int threadsPerPair = 1;
  private int queuedPairsMax = MiniLmEmbedderBuilder.QUEUED_DEFAULT;
  private Path model;

  CrossEncoderBuilder() {}

  /** A model of your own, as {@code cache-training} writes it. Default: the one that is shipped. */
  public CrossEncoderBuilder model(Path value) {
    model = Objects.requireNonNull(value, "model");
    return this;
  }

  /**
   * Pairs judged at the same time. Default: as many as there are processors for {@link
   * #threadsPerPair}, at most 8.
   *
   * @param value from 1 to 256
   */
  public CrossEncoderBuilder threads(int value) {
    require(value >= 1 && value <= 256, "threads " + value + " not in 1..256");
    threads = value;
    return this;
  }

  /**
   * Threads that judge one pair together. Default 1. What more gain and cost is what {@link
   * MiniLmEmbedderBuilder#threadsPerText} says of texts. The probabilities are the same.
   *
   * @param value from 1 to 16
   */
  public CrossEncoderBuilder threadsPerPair(int value) {
    require(value >= 1 && value <= 16, "threadsPerPair " + value + " not in 1..16");
    threadsPerPair = value;
    return this;
  }

  /**
   * Pairs that may wait for a thread; a further caller waits for a place until its deadline.
   * Default 128.
   *
   * @param value from 1 to 65,536
   */
  public CrossEncoderBuilder queuedPairsMax(int value) {
    require(value >= 1 && value <= 65_536, "queuedPairsMax " + value + " not in 1..65536");
    queuedPairsMax = value;
    return this;
  }

  /**
   * Loads the embedder's model from the class path, changes it, and starts the threads; takes about
   * a second.
   *
   * @throws ModelException if a file is missing, damaged, or belongs to another embedder, or ONNX
   *     Runtime cannot start
   */
  public CrossEncoder open() {
    PairModel pairModel = PairModelFile.read(bytes());
    ModelFiles files =
        ModelFiles.load(SentenceModel.MINI_LM, CrossEncoderBuilder.class.getClassLoader());
    int runs = threads == 0 ? MiniLmEmbedderBuilder.threadsDefault(threadsPerPair) : threads;
    return new CrossEncoder(files, pairModel, runs, threadsPerPair, queuedPairsMax);
  }

  private byte[] bytes() {
    try {
      if (model != null) {
        return Files.readAllBytes(model);
      }
      try (InputStream in = CrossEncoderBuilder.class.getResourceAsStream(SHIPPED)) {
        if (in == null) {
          throw new ModelException(SHIPPED + " is not on the class path beside CrossEncoder");
        }
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new ModelException(
          "cannot read the pair model " + (model == null ? SHIPPED : model), e);
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
