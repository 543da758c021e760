package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.Tier;
import java.util.Map;

/**
 * What the routing lever did since it was made; read one count after another while others may
 * write. What never occurred is absent.
 *
 * @param tiers requests by the tier of the model that they were sent to, where it is one of a tier
 * @param reasons requests by what decided: the router's word, {@code forced}, or why no router was
 *     asked
 * @param escalated drafts of the budget model that a check objected to
 * @param returned requests that the chosen model refused and the one asked for got after all
 * @param passedOver times a router or check was in trouble and the request went on as it came
 */
public record RouteCounts(
    Map<Tier, Long> tiers,
    Map<String, Long> reasons,
    long escalated,
    long returned,
    long passedOver) {
  /** {@return requests of a tier} */
  public long of(Tier tier) {
    return tiers.getOrDefault(tier, 0L);
  }
}
