package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Tier;
import java.util.Map;
import java.util.Optional;

/**
 * Sends an endpoint's requests to one tier: where the operator knows better than any router.
 * Immutable.
 */
public final class FixedRouter implements Router {
  /** The reason of an endpoint that is listed. */
  public static final String LISTED = "endpoint-tier";

  /** The reason of one that is not. */
  public static final String DEFAULT = "default-tier";

  private final Tier tier;
  private final Map<String, Tier> byEndpoint;

  /**
   * @param tier of endpoints that are not listed
   * @throws ChatException.InvalidSetting for the reasoning tier, which only callers choose
   */
  public FixedRouter(Tier tier, Map<String, Tier> byEndpoint) {
    this.tier = tier;
    this.byEndpoint = Map.copyOf(byEndpoint);
    if (tier == Tier.REASONING || byEndpoint.containsValue(Tier.REASONING)) {
      throw new ChatException.InvalidSetting(
          "the reasoning tier is chosen by callers, one by one: say so on the call");
    }
  }

  /** {@return the router to one tier for all} */
  public static FixedRouter of(Tier tier) {
    return new FixedRouter(tier, Map.of());
  }

  /** {@inheritDoc} The need is known, 0 or 1, for listed endpoints only. */
  @Override
  public Routing route(ChatRequest request, CallContext context) {
    return Optional.ofNullable(byEndpoint.get(context.endpoint()))
        .map(listed -> new Routing(listed, listed == Tier.BUDGET ? 0 : 1, LISTED))
        .orElseGet(() -> new Routing(tier, Double.NaN, DEFAULT));
  }
}
