package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import java.util.Optional;

/**
 * Which model each tier is. Immutable.
 *
 * @param reasoning empty where nobody is given one, so that who asks for it gets what it named
 */
public record Tiers(TargetModel budget, TargetModel standard, Optional<TargetModel> reasoning) {
  /** {@return two tiers of these names, with the dialects that the names tell} */
  public static Tiers of(String budget, String standard) {
    return new Tiers(TargetModel.of(budget), TargetModel.of(standard), Optional.empty());
  }

  /** {@return these tiers with one for callers who ask for it} */
  public Tiers reasoning(String name) {
    return new Tiers(budget, standard, Optional.of(TargetModel.of(name)));
  }

  /** {@return the model of a tier, if it has one} */
  public Optional<TargetModel> of(Tier tier) {
    return switch (tier) {
      case BUDGET -> Optional.of(budget);
      case STANDARD -> Optional.of(standard);
      case REASONING -> reasoning;
    };
  }

  /** {@return the tier whose model a request names, if it names one} */
  public Optional<Tier> askedBy(ChatRequest request) {
    for (Tier tier : Tier.values()) {
      if (of(tier).filter(model -> model.isAskedBy(request)).isPresent()) {
        return Optional.of(tier);
      }
    }
    return Optional.empty();
  }
}
