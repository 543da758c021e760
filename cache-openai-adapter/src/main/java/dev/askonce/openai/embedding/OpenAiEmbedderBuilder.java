package dev.askonce.openai.embedding;

import com.openai.client.OpenAIClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** The settings of an {@link OpenAiEmbedder}. Not thread-safe; each embedder has its own copy. */
public final class OpenAiEmbedderBuilder {
  /** What OpenAI documents of its models: input tokens at most. */
  private static final int TOKENS_MAX = 8_192;

  private static final int INPUTS_MAX = 2_048;
  private static final int REQUEST_TOKENS_MAX = 300_000;

  private final OpenAIClient client;
  final String model;
  String provider = "openai";
  OptionalLong dimensionsAsked = OptionalLong.empty();
  OptionalInt dimensionsOfModel;
  int tokensMax = TOKENS_MAX;
  int inputsMax = INPUTS_MAX;
  int requestTokensMax = REQUEST_TOKENS_MAX;
  TokenCounter tokens = new JtokkitCounter();
  BiConsumer<String, Usage> observer = (name, usage) -> {};
  InstantSource clock = InstantSource.system();

  OpenAiEmbedderBuilder(OpenAIClient client, String model) {
    if (model.isBlank()) {
      throw new ChatException.InvalidSetting("the embedding model is blank");
    }
    this.client = client;
    this.model = model;
    this.dimensionsOfModel = known(model);
  }

  private OpenAiEmbedderBuilder(OpenAiEmbedderBuilder other) {
    client = other.client;
    model = other.model;
    provider = other.provider;
    dimensionsAsked = other.dimensionsAsked;
    dimensionsOfModel = other.dimensionsOfModel;
    tokensMax = other.tokensMax;
    inputsMax = other.inputsMax;
    requestTokensMax = other.requestTokensMax;
    tokens = other.tokens;
    observer = other.observer;
    clock = other.clock;
  }

  private static OptionalInt known(String model) {
    return switch (model) {
      case "text-embedding-3-large" -> OptionalInt.of(3_072);
      case "text-embedding-3-small", "text-embedding-ada-002" -> OptionalInt.of(1_536);
      default -> OptionalInt.empty();
    };
  }

  /**
   * Asks the model for vectors of {@code count} components, as the third generation of OpenAI's
   * models and some others can give. Default: as many as the model gives by itself.
   */
  public OpenAiEmbedderBuilder dimensions(int count) {
    dimensionsAsked = OptionalLong.of(atLeastOne("dimensions", count));
    return this;
  }

  /**
   * Says how many components the model's vectors have by themselves. Needed for models, and names
   * of Azure deployments, that are not OpenAI's names, unless {@link #dimensions} asks for a
   * number.
   */
  public OpenAiEmbedderBuilder modelDimensions(int count) {
    dimensionsOfModel = OptionalInt.of(atLeastOne("modelDimensions", count));
    return this;
  }

  /**
   * Names the provider in the fingerprint. Vectors of two models are not comparable, and a name of
   * a model may mean another elsewhere: name each server that is not OpenAI's. Default {@code
   * openai}.
   */
  public OpenAiEmbedderBuilder provider(String name) {
    if (name.isBlank()) {
      throw new ChatException.InvalidSetting("the provider of embeddings is blank");
    }
    provider = name;
    return this;
  }

  /** The tokens of a text that the model reads; the rest is cut off. Default 8,192. */
  public OpenAiEmbedderBuilder tokensMax(int count) {
    tokensMax = atLeastOne("tokensMax", count);
    return this;
  }

  /** The most texts in one request. Default 2,048. */
  public OpenAiEmbedderBuilder inputsMax(int count) {
    inputsMax = atLeastOne("inputsMax", count);
    return this;
  }

  /** The most tokens in one request, all its texts together. Default 300,000. */
  public OpenAiEmbedderBuilder requestTokensMax(int count) {
    requestTokensMax = atLeastOne("requestTokensMax", count);
    return this;
  }

  /** Counts the tokens of long texts. Default {@link JtokkitCounter}, exact for OpenAI's models. */
  public OpenAiEmbedderBuilder tokens(TokenCounter value) {
    tokens = value;
    return this;
  }

  /**
   * Told the model and the tokens that each request was billed for; called by the thread that
   * embeds. What it throws is counted and passed over.
   */
  public OpenAiEmbedderBuilder onUsage(BiConsumer<String, Usage> value) {
    observer = value;
    return this;
  }

  /** The clock of logging. Default the system's. */
  public OpenAiEmbedderBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new ChatException.InvalidSetting(name + " " + value + " is below 1");
    }
    return value;
  }

  /**
   * {@return the embedder} Sends nothing.
   *
   * @throws ChatException.InvalidSetting if the number of components is not known, or is one that
   *     the model cannot give
   */
  public OpenAiEmbedder build() {
    if (dimensionsAsked.isEmpty() && dimensionsOfModel.isEmpty()) {
      throw new ChatException.InvalidSetting(
          "say how many components vectors of "
              + model
              + " have: modelDimensions(...), or ask for a number: dimensions(...)");
    }
    if (dimensionsAsked.isPresent()) {
      long asked = dimensionsAsked.getAsLong();
      if (model.equals("text-embedding-ada-002")) {
        throw new ChatException.InvalidSetting(model + " takes no dimensions");
      }
      if (asked > dimensionsOfModel.orElse(Integer.MAX_VALUE)) {
        throw new ChatException.InvalidSetting(
            model + " gives " + dimensionsOfModel.getAsInt() + " components, not " + asked);
      }
    }
    int dimension =
        dimensionsAsked.isPresent()
            ? Math.toIntExact(dimensionsAsked.getAsLong())
            : dimensionsOfModel.getAsInt();
    return new OpenAiEmbedder(client, new OpenAiEmbedderBuilder(this), dimension);
  }
}
