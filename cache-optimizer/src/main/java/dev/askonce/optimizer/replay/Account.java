package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.chat.Effects.Batched;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.OutputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Lever.Stage;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.replay.PlayedCall.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The money of all replayed calls at one table of prices, in 10⁻⁹ dollars. A call is walked from
 * what it cost to what it costs now, one lever after the other; the step at a lever is its saving.
 * Not thread-safe.
 */
final class Account {
  /** A lever and where it stands. */
  record Place(String name, Stage stage) {}

  private static final int MODELS_MAX = 100;

  private final Prices prices;
  private final List<Place> places;
  private final String budgetModel;
  final Drivers drivers = new Drivers();
  final Map<String, Long> unpriced = new TreeMap<>();

  /** By place, the cache's not among them. */
  final long[] alone;

  final long[] together;
  final long[] touched;
  long cacheSaved;

  /** What the limits would save behind the others if each answer they cut were asked for anew. */
  long cappedAskedAgain;

  long cutTogether;
  long baseline;

  /** Of calls that the cache did not answer. */
  long missBaseline;

  /** The same calls after all levers but the router, on the models asked for. */
  long missAsAsked;

  /** The same, all of them on the budget model where that is cheaper. */
  long missOnBudget;

  Account(Prices prices, List<Place> places, String budgetModel) {
    this.prices = prices;
    this.places = places;
    this.budgetModel = budgetModel;
    alone = new long[places.size()];
    together = new long[places.size()];
    touched = new long[places.size()];
  }

  void add(PlayedCall played) {
    LoggedCall call = played.call();
    Optional<Price> asked = call.price(prices);
    if (asked.isEmpty()) {
      String name = call.serviceTier().label(call.model());
      String model = unpriced.size() < MODELS_MAX || unpriced.containsKey(name) ? name : "others";
      unpriced.merge(model, 1L, Long::sum);
      return;
    }
    Walk whole = new Walk(call, asked.get(), played.usage());
    baseline += whole.cost();
    drivers.add(call.endpoint(), call.model(), whole.cost());
    for (int i = 0; i < places.size(); i++) {
      Walk walk = new Walk(call, asked.get(), played.usage());
      alone[i] += walk.step(places.get(i), played.alone().get(i));
    }
    if (played.hit()) {
      cacheSaved += whole.cost();
    }
    played.together().ifPresent(run -> miss(call, asked.get(), played.usage(), run));
  }

  private void miss(LoggedCall call, Price asked, Usage usage, Run run) {
    Walk walk = new Walk(call, asked, usage);
    missBaseline += walk.cost();
    for (int i = 0; i < places.size(); i++) {
      long saved = walk.step(places.get(i), run);
      together[i] += saved;
      if (places.get(i).stage() == Stage.CAP) {
        cutTogether += run.cut() ? 1 : 0;
        cappedAskedAgain += run.cut() ? -walk.cost() : saved;
      }
      touched[i] += saved == 0 ? 0 : 1;
    }
    long asAsked = unrouted(new Walk(call, asked, usage), run);
    Price cheap = price(call, budgetModel).orElse(asked);
    missAsAsked += asAsked;
    missOnBudget += Math.min(asAsked, unrouted(new Walk(call, cheap, usage), run));
  }

  private Optional<Price> price(LoggedCall call, String model) {
    return prices.of("", model, call.at(), call.serviceTier());
  }

  private long unrouted(Walk walk, Run run) {
    for (Place place : places) {
      if (place.stage() != Stage.ROUTE) {
        walk.step(place, run);
      }
    }
    return walk.cost();
  }

  /** One call on its way through the levers. */
  private final class Walk {
    private final LoggedCall call;
    private Price price;
    private Usage usage;
    private boolean batched;
    private long overhead;

    Walk(LoggedCall call, Price price, Usage usage) {
      this.call = call;
      this.price = price;
      this.usage = usage;
    }

    long cost() {
      return (batched ? price.batch() : price).nanoDollars(usage) + overhead;
    }

    /** {@return what a lever saved, after those that went before it} */
    long step(Place place, Run run) {
      long before = cost();
      for (Effect effect : run.effects()) {
        // A cut answer is cut again at the second try; that one is reckoned apart.
        boolean secondTry = place.stage() == Stage.CAP && effect instanceof Overhead;
        if (effect.lever().equals(place.name()) && !secondTry) {
          apply(effect);
        }
      }
      if (place.stage() == Stage.CAP) {
        usage = Tokens.output(usage, run.output());
      } else if (place.stage() == Stage.COMPRESS && run.cachedInput() >= 0) {
        usage = Tokens.cached(usage, run.cachedInput());
      }
      return before - cost();
    }

    private void apply(Effect effect) {
      switch (effect) {
        case Routed routed -> price = price(call, routed.to()).orElse(price);
        case InputSaved saved -> usage = Tokens.input(usage, usage.input() - saved.tokens());
        // What was really cut is known here, and the lever's estimate of it is not needed.
        case OutputSaved saved -> {}
        case Batched any -> batched = true;
        case Overhead own ->
            overhead += price(call, own.model()).map(p -> p.nanoDollars(own.usage())).orElse(0L);
      }
    }
  }
}
