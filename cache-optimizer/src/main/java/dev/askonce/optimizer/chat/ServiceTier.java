package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/**
 * How fast a provider is to answer, which has a price: what a request asks for as {@code
 * service_tier}, and what a reply says it got. Not a {@link Tier}, which is about models.
 *
 * @param name in lower case; empty for the standard one, by whatever name
 */
public record ServiceTier(String name) {
  public static final ServiceTier STANDARD = new ServiceTier("");

  /** What providers call the tier that everybody gets; {@code auto} is a choice, not a tier. */
  private static final Set<String> STANDARD_NAMES =
      Set.of("", "default", "standard", "auto", "on_demand");

  /** A longer name is none. */
  private static final int NAME_CHARS_MAX = 32;

  /** {@return the tier that a request or a reply names, there or, as Anthropic's, in its usage} */
  public static ServiceTier of(JsonNode message) {
    JsonNode own = message.path("service_tier");
    JsonNode named = own.isTextual() ? own : message.path("usage").path("service_tier");
    return named.isTextual() ? of(named.textValue()) : STANDARD;
  }

  /** {@return the tier of a name} */
  public static ServiceTier of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return STANDARD_NAMES.contains(lower)
        ? STANDARD
        : new ServiceTier(lower.substring(0, Math.min(lower.length(), NAME_CHARS_MAX)));
  }

  /** {@return a model's name and this tier's, for whoever has no price of the two} */
  public String label(String model) {
    return name.isEmpty() ? model : model + " (" + name + ")";
  }
}
