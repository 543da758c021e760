package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Batched;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.OutputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/*
 * A call is walked back from what was billed to what would have been, one effect after the other:
 * first the batch price, then the tokens saved of the output, then those of the input, then the
 * models; effects of one kind the last first. Each step is priced as a whole, and what it adds is
 * the saving of its lever. So savings sum to baseline less cost, to the nano-dollar. In another
 * order the same sum would be shared out otherwise: the cheaper the model, the less a lever saves
 * on it.
 */
/** Works out bills from usages, effects and prices. Thread-safe. */
final class Billing {
  private final Prices prices;

  Billing(Prices prices) {
    this.prices = prices;
  }

  /**
   * {@return the bill of a call that the provider answered}
   *
   * @param asked the model that the caller named
   * @param completion names the model and the tier that answered, as far as it does
   */
  Bill answered(String asked, Completion completion, Usage usage, CallContext context, Instant at) {
    return answered(asked, completion, completion.serviceTier(), usage, context, at);
  }

  /** {@return the bill of a call as if it had been answered at a service tier} */
  Bill answered(
      String asked,
      Completion completion,
      ServiceTier tier,
      Usage usage,
      CallContext context,
      Instant at) {
    return new Walk(asked, tier, context, at).answered(completion.model(), usage);
  }

  /** {@return the bill of a call that a lever answered} */
  Bill avoided(ChatRequest request, Avoided avoided, CallContext context, Instant at) {
    ServiceTier tier = ServiceTier.of(request.json());
    return new Walk(request.model(), tier, context, at).avoided(avoided);
  }

  /** {@return the bill of a call without an answer, which may have cost something all the same} */
  Bill failed(String asked, CallContext context, Instant at) {
    return new Walk(asked, ServiceTier.STANDARD, context, at).bill(0, 0, false, false);
  }

  /** The way back of one call. */
  private final class Walk {
    private final String asked;
    private final ServiceTier tier;
    private final String url;
    private final Instant at;
    private final List<Effect> effects;
    private final List<Bill.Saving> savings = new ArrayList<>(4);
    private final Set<String> unknown = new LinkedHashSet<>(2);

    Walk(String asked, ServiceTier tier, CallContext context, Instant at) {
      this.asked = asked;
      this.effects = context.effects().all();
      // What a batch costs is a tier of its own, whatever the lines of its results say.
      this.tier = has(Batched.class) ? ServiceTier.STANDARD : tier;
      this.url = context.url();
      this.at = at;
    }

    Bill answered(String served, Usage usage) {
      Map<String, Routed> routes = routes();
      String sent = routes.isEmpty() ? asked : last(routes).to();
      // A provider bills what it was asked for, by whatever name it answers.
      Optional<Price> found = served.isEmpty() ? price(sent) : price(served).or(() -> price(sent));
      if (found.isEmpty()) {
        unknown.add(tier.label(served.isEmpty() ? sent : served));
        return bill(0, 0, false, true);
      }
      Price price = found.get();
      Optional<Batched> batched = only(Batched.class).stream().findFirst();
      long cost = (batched.isPresent() ? price.batch() : price).nanoDollars(usage);
      long now = cost;
      if (batched.isPresent()) {
        now = step(batched.get().lever(), now, price, usage, 0, 0);
      }
      Usage all = usage;
      for (OutputSaved saved : only(OutputSaved.class).reversed()) {
        all = all.plusPlain(0, saved.tokens());
        now = step(saved.lever(), now, price, all, 0, saved.tokens());
      }
      for (InputSaved saved : only(InputSaved.class).reversed()) {
        all = all.plusPlain(saved.tokens(), 0);
        now = step(saved.lever(), now, price, all, saved.tokens(), 0);
      }
      for (Routed routed : List.copyOf(routes.values()).reversed()) {
        price = known(routed.from()).orElse(price);
        now = step(routed.lever(), now, price, all, 0, 0);
      }
      Price baseline = price(asked).orElse(price);
      if (baseline != price) {
        now = step(LedgerRow.PROVIDER, now, baseline, all, 0, 0);
      }
      return bill(cost, now, batched.isPresent(), false);
    }

    /** {@return the cost before the step, which the step's lever is credited with} */
    private long step(String lever, long now, Price price, Usage usage, long input, long output) {
      long before = price.nanoDollars(usage);
      if (before != now || !lever.equals(LedgerRow.PROVIDER)) {
        savings.add(new Bill.Saving(lever, before - now, input, output));
      }
      return before;
    }

    Bill avoided(Avoided avoided) {
      // A name of a caller's own, such as a deployment's, has no price; what it stands for may.
      Optional<Price> price = price(asked).or(() -> price(avoided.model()));
      if (price.isEmpty()) {
        unknown.add(tier.label(avoided.model().isEmpty() ? asked : avoided.model()));
      }
      long baseline = price.map(p -> p.nanoDollars(avoided.usage())).orElse(0L);
      savings.add(
          new Bill.Saving(
              avoided.lever(), baseline, avoided.usage().input(), avoided.usage().output()));
      return bill(0, baseline, false, price.isEmpty());
    }

    Bill bill(long cost, long baseline, boolean batched, boolean unpriced) {
      List<Bill.Paid> paid = new ArrayList<>(2);
      for (Overhead overhead : only(Overhead.class)) {
        long nanoDollars =
            known(overhead.model(), overhead.serviceTier())
                .map(price -> price.nanoDollars(overhead.usage()))
                .orElse(0L);
        paid.add(new Bill.Paid(overhead, nanoDollars));
      }
      return new Bill(cost, baseline, batched, savings, paid, unpriced, unknown);
    }

    private Optional<Price> price(String model) {
      return prices.of(url, model, at, tier);
    }

    private Optional<Price> known(String model) {
      return known(model, tier);
    }

    private Optional<Price> known(String model, ServiceTier at) {
      Optional<Price> price = prices.of(url, model, this.at, at);
      if (price.isEmpty()) {
        unknown.add(at.label(model));
      }
      return price;
    }

    private boolean has(Class<? extends Effect> kind) {
      return effects.stream().anyMatch(kind::isInstance);
    }

    /** {@return the last route of each lever, in the order of their first} */
    private Map<String, Routed> routes() {
      if (effects.isEmpty()) {
        return Map.of();
      }
      Map<String, Routed> routes = new LinkedHashMap<>(2);
      for (Routed routed : only(Routed.class)) {
        routes.put(routed.lever(), routed);
      }
      return routes;
    }

    private static Routed last(Map<String, Routed> routes) {
      return List.copyOf(routes.values()).getLast();
    }

    private <E extends Effect> List<E> only(Class<E> kind) {
      if (effects.isEmpty()) {
        return List.of();
      }
      List<E> some = new ArrayList<>(2);
      for (Effect effect : effects) {
        if (kind.isInstance(effect)) {
          some.add(kind.cast(effect));
        }
      }
      return some;
    }
  }
}
