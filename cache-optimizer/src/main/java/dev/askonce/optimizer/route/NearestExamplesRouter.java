package dev.askonce.optimizer.route;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.embed.Dot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/**
 * A router by example: the tier of the nearest labelled text, by cosine over a floor. What no
 * example is near, and where the embedder fails, goes to the standard tier. Thread-safe.
 *
 * <p>For operators who can name a few texts of each tier and have no labels of quality.
 */
public final class NearestExamplesRouter implements Router {
  /** The reason where an example decided. */
  public static final String REASON = "example";

  /** The reason where none was near enough, or there was no vector. */
  public static final String NONE_NEAR = "no example";

  private record Example(float[] vector, Tier tier) {}

  /** The nearest example of a text. */
  private record Nearest(Tier tier, double cosine) {}

  private final Embedder embedder;
  private final List<Example> examples;
  private final double cosineMin;
  private final Duration timeout;
  private final FailOpen failOpen = new FailOpen("router", InstantSource.system());

  private NearestExamplesRouter(
      Embedder embedder, List<Example> examples, double cosineMin, Duration timeout) {
    this.embedder = embedder;
    this.examples = examples;
    this.cosineMin = cosineMin;
    this.timeout = timeout;
  }

  /**
   * {@return a router by these texts}
   *
   * @param examples texts of each tier; the reasoning tier has none
   * @param cosineMin the floor, 0 to 1; {@link #fitted} chooses one
   * @param timeout the most time for an embedding
   * @throws ChatException.InvalidSetting if there is no example, or one for the reasoning tier
   * @throws TimeoutException if an example is not embedded in time
   */
  public static NearestExamplesRouter of(
      Embedder embedder, Map<Tier, List<String>> examples, double cosineMin, Duration timeout)
      throws TimeoutException {
    if (!examples.getOrDefault(Tier.REASONING, List.of()).isEmpty()) {
      throw new ChatException.InvalidSetting(
          "the reasoning tier is for callers who ask for it; give it no examples");
    }
    if (!(cosineMin >= 0 && cosineMin <= 1)) {
      throw new ChatException.InvalidSetting("cosineMin " + cosineMin + " is not from 0 to 1");
    }
    List<Example> embedded = new ArrayList<>();
    for (Map.Entry<Tier, List<String>> texts : examples.entrySet()) {
      for (String text : texts.getValue()) {
        embedded.add(new Example(embedder.embed(text, timeout).vector(), texts.getKey()));
      }
    }
    if (embedded.isEmpty()) {
      throw new ChatException.InvalidSetting("there is no example; give a few for each tier");
    }
    return new NearestExamplesRouter(embedder, List.copyOf(embedded), cosineMin, timeout);
  }

  /**
   * {@return this router with the floor that gives most of the labelled texts their tier} Of equal
   * ones the highest: it sends what is unlike all examples to the standard tier.
   *
   * @param labelled texts that are not among the examples
   * @throws TimeoutException if one is not embedded in time
   */
  public NearestExamplesRouter fitted(Map<String, Tier> labelled) throws TimeoutException {
    // A floor decides about budget examples alone: what is below it goes to the standard tier.
    TreeMap<Double, Integer> gains = new TreeMap<>();
    for (Map.Entry<String, Tier> text : labelled.entrySet()) {
      Nearest nearest = nearest(embedder.embed(text.getKey(), timeout).vector());
      if (nearest.tier() == Tier.BUDGET && nearest.cosine() > 0) {
        gains.merge(nearest.cosine(), text.getValue() == Tier.BUDGET ? 1 : -1, Integer::sum);
      }
    }
    double best = 1;
    int gain = 0;
    int gainMost = 0;
    for (Map.Entry<Double, Integer> each : gains.descendingMap().entrySet()) {
      gain += each.getValue();
      if (gain > gainMost) {
        gainMost = gain;
        best = Math.min(1, each.getKey());
      }
    }
    return new NearestExamplesRouter(embedder, examples, best, timeout);
  }

  /** {@return the floor} */
  public double cosineMin() {
    return cosineMin;
  }

  @Override
  public Routing route(ChatRequest request, CallContext context) {
    Optional<Prompt> prompt = Prompt.of(request);
    try {
      if (prompt.isPresent()) {
        Nearest nearest = nearest(embedder.embed(prompt.get().text(), timeout).vector());
        if (nearest.cosine() >= cosineMin) {
          return new Routing(nearest.tier(), Double.NaN, REASON);
        }
      }
    } catch (Exception e) {
      failOpen.swallow(e);
    }
    return new Routing(Tier.STANDARD, Double.NaN, NONE_NEAR);
  }

  private Nearest nearest(float[] vector) {
    Nearest nearest = new Nearest(Tier.STANDARD, -1);
    for (Example example : examples) {
      double cosine = Dot.of(vector, example.vector);
      if (cosine > nearest.cosine()) {
        nearest = new Nearest(example.tier(), cosine);
      }
    }
    return nearest;
  }
}
