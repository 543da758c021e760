package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The prices of many providers, as the second version of the document of <a
 * href="https://github.com/pydantic/genai-prices">genai-prices</a> gives them. Thread-safe.
 *
 * <p>The first provider of the document that answers at a URL is meant, or else the first whose
 * models have such names; of that one the first model that matches, or else that of a provider
 * whose models it offers.
 */
public final class PriceCatalog {
  /** Names are a caller's to choose: beyond this many, what was found is forgotten. */
  private static final int KNOWN_MAX = 1_000;

  private record Asked(String url, String model) {}

  private final Map<String, ProviderPrices> providers;

  /** To try all rules takes far longer than all else that is done for a call. */
  private final Map<Asked, Optional<ProviderPrices.Model>> known = new ConcurrentHashMap<>();

  private PriceCatalog(Map<String, ProviderPrices> providers) {
    this.providers = providers;
  }

  /**
   * {@return the catalog of a document that is a list of providers}
   *
   * @throws ChatException.InvalidPrices if it is none, or has rules or prices that we do not know
   */
  static PriceCatalog parse(JsonNode document) {
    Map<String, ProviderPrices> providers = new LinkedHashMap<>();
    for (JsonNode json : document) {
      ProviderPrices provider = ProviderPrices.parse(json);
      providers.put(provider.id(), provider);
    }
    if (providers.isEmpty()) {
      throw new ChatException.InvalidPrices("the document has no providers");
    }
    return new PriceCatalog(providers);
  }

  public Optional<ProviderPrices> provider(String id) {
    return Optional.ofNullable(providers.get(id));
  }

  /** {@return the price of a provider's model at a time, or empty where the document has none} */
  public Optional<Price> price(ProviderPrices provider, String model, Instant at) {
    return model(provider, model).flatMap(found -> found.at(at));
  }

  private Optional<ProviderPrices.Model> model(ProviderPrices provider, String name) {
    return provider
        .model(name)
        .or(
            () ->
                provider.lenders().stream()
                    .flatMap(lender -> provider(lender).stream())
                    .flatMap(lender -> lender.model(name).stream())
                    .findFirst());
  }

  /**
   * {@return the price of a model at a time, or empty where the document has none}
   *
   * @param url where it is asked; may be empty
   */
  Optional<Price> price(String url, String model, Instant at) {
    Asked asked = new Asked(url, model);
    Optional<ProviderPrices.Model> found = known.get(asked);
    if (found == null) {
      found = provider(url, model).flatMap(provider -> model(provider, model));
      if (known.size() >= KNOWN_MAX) {
        known.clear();
      }
      known.put(asked, found);
    }
    return found.flatMap(one -> one.at(at));
  }

  private Optional<ProviderPrices> provider(String url, String model) {
    return providers.values().stream()
        .filter(provider -> !url.isEmpty() && provider.answersAt(url))
        .findFirst()
        .or(() -> providers.values().stream().filter(one -> one.owns(model)).findFirst());
  }
}
