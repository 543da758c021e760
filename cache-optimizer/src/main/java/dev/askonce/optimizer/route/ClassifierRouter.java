package dev.askonce.optimizer.route;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The default router: a {@link RouterModel} over the embedding that the cache has computed anyway.
 *
 * <p>It asks the embedder for what the user wrote last, which costs nothing behind an embedder that
 * remembers recent texts. Without a text, or where the embedder fails or is slow, the standard tier
 * is asked. Thread-safe.
 */
public final class ClassifierRouter implements Router {
  /** The reason of its routings. */
  public static final String REASON = "classifier";

  /** The reason where there is no text to judge. */
  public static final String NO_TEXT = "no text";

  /** The reason where there is no vector. */
  public static final String NO_VECTOR = "no vector";

  private final RouterModel model;
  private final Embedder embedder;
  private final double threshold;
  private final Duration timeout;
  private final Optional<RouteMemory> memory;
  private final FailOpen failOpen;

  private ClassifierRouter(Builder builder) {
    model = builder.model;
    embedder = builder.embedder;
    threshold = Double.isNaN(builder.threshold) ? model.threshold() : builder.threshold;
    timeout = builder.timeout;
    memory = builder.memory;
    failOpen = new FailOpen("router", builder.clock);
  }

  /**
   * {@return settings of a router}
   *
   * @throws ChatException.InvalidSetting if the model was trained for another embedder
   */
  public static Builder builder(RouterModel model, Embedder embedder) {
    model.requireEmbedder(embedder.fingerprint());
    return new Builder(model, embedder);
  }

  @Override
  public Routing route(ChatRequest request, CallContext context) {
    Optional<Prompt> prompt = Prompt.of(request);
    if (prompt.isEmpty()) {
      return new Routing(Tier.STANDARD, Double.NaN, NO_TEXT);
    }
    try {
      Embedding embedding = embedder.embed(prompt.get().text(), timeout);
      double own = model.need(prompt.get(), embedding.vector());
      String tenant = context.tenant().orElse("");
      double need = memory.map(m -> m.settle(tenant, embedding.vector(), own)).orElse(own);
      return new Routing(need < threshold ? Tier.BUDGET : Tier.STANDARD, need, REASON);
    } catch (Exception e) {
      failOpen.swallow(e);
      return new Routing(Tier.STANDARD, Double.NaN, NO_VECTOR);
    }
  }

  /**
   * Has the memory know questions before they are asked (see {@link RouteMemory#learn}).
   *
   * @throws TimeoutException if one is not embedded in time
   * @throws ChatException.InvalidSetting if there is no memory, or there are too many questions
   */
  public void learn(String tenant, List<String> questions) throws TimeoutException {
    RouteMemory known =
        memory.orElseThrow(
            () -> new ChatException.InvalidSetting("a router without a memory learns nothing"));
    List<float[]> vectors = new ArrayList<>();
    double[] needs = new double[questions.size()];
    for (int i = 0; i < needs.length; i++) {
      float[] vector = embedder.embed(questions.get(i), timeout).vector();
      vectors.add(vector);
      needs[i] = model.need(Prompt.of(questions.get(i)), vector);
    }
    known.learn(tenant, vectors, needs);
  }

  /** {@return how often there was no vector} */
  public long failures() {
    return failOpen.count();
  }

  /** {@return the need from which on the standard tier is asked} */
  public double threshold() {
    return threshold;
  }

  /** The settings of a router. Not thread-safe. */
  public static final class Builder {
    private final RouterModel model;
    private final Embedder embedder;
    private double threshold = Double.NaN;
    private Duration timeout = Duration.ofMillis(200);
    private Optional<RouteMemory> memory = Optional.empty();
    private InstantSource clock = InstantSource.system();

    private Builder(RouterModel model, Embedder embedder) {
      this.model = model;
      this.embedder = embedder;
    }

    /**
     * The need from which on the standard tier is asked, such as a {@link Calibration} gives: 0
     * sends all there, anything over 1 none. Default the model's own.
     */
    public Builder threshold(double value) {
      if (!(value >= 0)) {
        throw new ChatException.InvalidSetting("threshold " + value + " is below 0");
      }
      threshold = value;
      return this;
    }

    /** The most time for the embedding. Default 200 ms. */
    public Builder timeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new ChatException.InvalidSetting("timeout " + value + " is not positive");
      }
      timeout = value;
      return this;
    }

    /** Gives paraphrases one route. Default none: each text is judged alone. */
    public Builder memory(RouteMemory value) {
      memory = Optional.of(value);
      return this;
    }

    /** The clock of logging. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public ClassifierRouter build() {
      return new ClassifierRouter(this);
    }
  }
}
