package dev.askonce.optimizer;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.Tier;
import java.time.Duration;
import java.util.Optional;

/**
 * What an {@link LlmRouter} is asked. Immutable; start from {@link #of}.
 *
 * @param text what the user says
 * @param system what the model is told first; empty for nothing
 * @param tier the tier to ask, whatever the router would say
 * @param model the model to ask, by name, whatever the router would say; counts before a tier
 * @param ttl how long the answer may be kept, at most the cache's limit
 * @param endpoint the name of the calling place
 */
public record Prompt(
    String text,
    String system,
    Optional<Tier> tier,
    Optional<String> model,
    Optional<Duration> ttl,
    String endpoint) {
  /** {@return the question alone: the router decides, and the cache's own limit holds} */
  public static Prompt of(String text) {
    return new Prompt(
        text,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        CallContext.ENDPOINT_DEFAULT);
  }

  public Prompt system(String value) {
    return new Prompt(text, value, tier, model, ttl, endpoint);
  }

  public Prompt tier(Tier value) {
    return new Prompt(text, system, Optional.of(value), model, ttl, endpoint);
  }

  public Prompt model(String name) {
    return new Prompt(text, system, tier, Optional.of(name), ttl, endpoint);
  }

  public Prompt ttl(Duration value) {
    return new Prompt(text, system, tier, model, Optional.of(value), endpoint);
  }

  public Prompt endpoint(String name) {
    return new Prompt(text, system, tier, model, ttl, name);
  }

  /** {@return nothing of the texts: prompts do not belong into logs} */
  @Override
  public String toString() {
    return "Prompt[" + text.length() + " chars, " + endpoint + "]";
  }
}
