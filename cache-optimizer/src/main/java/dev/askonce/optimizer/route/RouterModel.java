package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a {@link RouterTrainer} has learned about one pair of models: how much a prompt needs the
 * standard one. Immutable and thread-safe.
 */
public final class RouterModel {
  /** The pairs of models whose comparison the shipped models have learned from. */
  public enum Shipped {
    /** gpt-4o-mini and gpt-4o, on word problems and on reading code. */
    GPT_4O_MINI("gpt-4o-mini"),
    /** Mixtral-8x7B and GPT-4, on multiple-choice questions of 57 subjects. */
    MIXTRAL("mixtral"),
    /** Llama-3.1-8B and Llama-3.1-Nemotron-51B, on 14 tasks. */
    LLAMA_8B("llama-8b");

    private final String label;

    Shipped(String label) {
      this.label = label;
    }

    /** {@return the name on the command line and of the resource} */
    public String label() {
      return label;
    }
  }

  private final String weakModel;
  private final String strongModel;
  private final String embedder;
  private final int sampleCount;
  private final double threshold;
  private final Blend blend;
  private final LogisticScale scale;

  RouterModel(
      String weakModel,
      String strongModel,
      String embedder,
      int sampleCount,
      double threshold,
      Blend blend,
      LogisticScale scale) {
    this.weakModel = weakModel;
    this.strongModel = strongModel;
    this.embedder = embedder;
    this.sampleCount = sampleCount;
    this.threshold = threshold;
    this.blend = blend;
    this.scale = scale;
  }

  /** {@return a model that comes with the optimizer} For {@code MiniLmEmbedder} of cache-text. */
  public static RouterModel shipped(Shipped pair) {
    String resource = pair.label() + ".router";
    try (InputStream in = RouterModel.class.getResourceAsStream(resource)) {
      return RouterModelFile.read(new GZIPInputStream(in, 1 << 16), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return the model in a file}
   *
   * @throws ChatException.InvalidSetting if the file is none, or of another version
   */
  public static RouterModel read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return RouterModelFile.read(RouterModelFile.unpacked(in, file.toString()), file.toString());
    }
  }

  /** Writes this model to a file, replacing what is there. */
  public void write(Path file) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      RouterModelFile.write(this, out);
    }
  }

  /**
   * {@return how probable it is that the budget model's answer would be worse, 0 to 1}
   *
   * @param vector the embedding of the prompt's text by the embedder of {@link #embedder}
   */
  public double need(Prompt prompt, float[] vector) {
    return scale.of(blend.of(PromptFeatures.of(prompt), vector));
  }

  /**
   * Refuses an embedder whose vectors mean something else than those learned from.
   *
   * @throws ChatException.InvalidSetting if its fingerprint is not {@link #embedder}
   */
  public void requireEmbedder(String fingerprint) {
    if (!fingerprint.equals(embedder)) {
      throw new ChatException.InvalidSetting(
          "the router of "
              + weakModel
              + " and "
              + strongModel
              + " was trained for the embedder \""
              + embedder
              + "\", not \""
              + fingerprint
              + "\"; train one for yours with RouterTrainer");
    }
  }

  /** {@return the name of the budget model} */
  public String weakModel() {
    return weakModel;
  }

  /** {@return the name of the standard model} */
  public String strongModel() {
    return strongModel;
  }

  /** {@return the fingerprint of the embedder} */
  public String embedder() {
    return embedder;
  }

  /** {@return how many samples it was trained on} */
  public int sampleCount() {
    return sampleCount;
  }

  /**
   * {@return the need from which on the standard model is asked, unless somebody calibrates} The
   * one that lost 3% of quality on the training samples, each judged by a model that had not seen
   * it.
   */
  public double threshold() {
    return threshold;
  }

  Blend blend() {
    return blend;
  }

  LogisticScale scale() {
    return scale;
  }
}
