package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The lever that keeps calls within {@link Budget budgets}: it alerts, and where a budget is a hard
 * stop it answers with the API's own error {@code insufficient_quota}, without calling anyone.
 * Thread-safe; a short lock before and after a call.
 *
 * <p>It stands behind the cache, so that what costs nothing is answered however little is left.
 * Before a call its cost is estimated and reserved: the input at four bytes a token, the output at
 * its limit, both at the price of the model asked for. After it the reservation is replaced by what
 * the call cost, levers' own calls included. So a hard stop lets at most the errors of the
 * estimates of calls under way go over the limit. Calls of models without a price count as nothing.
 */
public final class BudgetLever implements Lever {
  /** The name of this lever. */
  public static final String NAME = "budget";

  /** Of a budget for each tenant, tenants beyond this many share one. */
  public static final int TENANTS_MAX = 10_000;

  private static final int BYTES_PER_TOKEN = 4;

  private record Key(int budget, String tenant) {}

  /** What was set aside for one call. */
  record Reservation(List<BudgetAccount> accounts, List<LocalDate> since, long nanoDollars) {}

  /** The outcome of asking: either may be there, but not both. */
  record Answer(Optional<Reservation> reservation, Optional<BudgetStatus> refusedBy) {}

  private final List<Budget> budgets;
  private final Prices prices;
  private final Billing billing;
  private final TokenCounter tokens;
  private final InstantSource clock;
  private final long outputTokensExpected;
  private final Consumer<BudgetAlert> onAlert;
  private final FailOpen failOpen;
  private final Map<Key, BudgetAccount> accounts = new LinkedHashMap<>();

  private BudgetLever(Builder builder) {
    budgets = List.copyOf(builder.budgets);
    prices = builder.prices;
    billing = new Billing(prices);
    tokens = builder.tokens;
    clock = builder.clock;
    outputTokensExpected = builder.outputTokensExpected;
    onAlert = builder.onAlert;
    failOpen = new FailOpen(NAME, clock);
    builder.carried.forEach(this::carry);
  }

  public static Builder builder(Prices prices) {
    return new Builder(prices);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.BUDGET;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new BudgetedClient(this, next);
  }

  /** {@return all budgets that calls have come under, in the order of their first call} */
  public List<BudgetStatus> status() {
    Instant now = clock.instant();
    synchronized (accounts) {
      accounts.values().forEach(account -> account.roll(now));
      return accounts.values().stream().map(BudgetAccount::status).toList();
    }
  }

  /** {@return how often a budget could not be kept, or somebody not be alerted} */
  public long troubleCount() {
    return failOpen.count();
  }

  FailOpen failOpen() {
    return failOpen;
  }

  private void carry(BudgetStatus status) {
    int index = budgets.indexOf(status.budget());
    Instant now = clock.instant();
    if (index >= 0 && status.from().equals(status.budget().period().start(now))) {
      BudgetAccount account = new BudgetAccount(status.budget(), status.tenant());
      account.roll(now);
      // Whoever carries it over has been alerted.
      account.spend(status.spentNanoDollars(), new ArrayList<>());
      accounts.put(new Key(index, status.tenant()), account);
    }
  }

  /** Sets the expected cost of a call aside, or says which budget refuses it. */
  Answer reserve(ChatRequest request, CallContext context) {
    Instant now = clock.instant();
    long nanoDollars = expected(request, context, now);
    List<BudgetAlert> alerts = new ArrayList<>();
    Answer answer;
    synchronized (accounts) {
      List<BudgetAccount> covering = covering(context, now);
      Optional<BudgetAccount> full =
          covering.stream().filter(account -> !account.hasRoomFor(nanoDollars)).findFirst();
      if (full.isPresent()) {
        full.get().refuse(alerts);
        answer = new Answer(Optional.empty(), Optional.of(full.get().status()));
      } else {
        covering.forEach(account -> account.reserve(nanoDollars));
        List<LocalDate> since = covering.stream().map(BudgetAccount::from).toList();
        answer =
            new Answer(
                Optional.of(new Reservation(covering, since, nanoDollars)), Optional.empty());
      }
    }
    tell(alerts);
    return answer;
  }

  private List<BudgetAccount> covering(CallContext context, Instant now) {
    List<BudgetAccount> covering = new ArrayList<>(budgets.size());
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget = budgets.get(i);
      if (budget.covers(context)) {
        Key key = new Key(i, budget.eachTenant() ? context.tenant().orElse("") : "");
        if (accounts.size() >= TENANTS_MAX && !accounts.containsKey(key)) {
          key = new Key(i, Ledger.OTHER);
        }
        Key own = key;
        BudgetAccount account =
            accounts.computeIfAbsent(own, absent -> new BudgetAccount(budget, own.tenant()));
        account.roll(now);
        covering.add(account);
      }
    }
    return covering;
  }

  private long expected(ChatRequest request, CallContext context, Instant now) {
    long each = request.outputTokensMax().orElse(outputTokensExpected);
    long output = Math.clamp(each * request.choiceCount(), 0, Usage.TOKENS_MAX);
    Usage usage = Usage.of(request.body().length / BYTES_PER_TOKEN, output);
    ServiceTier tier = ServiceTier.of(request.json());
    return prices
        .of(context.url(), request.model(), now)
        .map(price -> price.at(tier).orElse(price).nanoDollars(usage))
        .orElse(0L);
  }

  /** Replaces a reservation by the cost of the answer. */
  void answered(
      Reservation reservation, ChatRequest request, CallContext context, Completion completion) {
    Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
    Instant now = clock.instant();
    Bill bill = billing.answered(request.model(), completion, usage, context, now);
    if (bill.unpriced()) {
      // A tier without a price is no way around a budget: it counts as the standard one.
      ServiceTier standard = ServiceTier.STANDARD;
      bill = billing.answered(request.model(), completion, standard, usage, context, now);
    }
    settle(reservation, bill.paidNanoDollars(), now);
  }

  /** Replaces a reservation by what was paid for a call without an answer. */
  void failed(Reservation reservation, ChatRequest request, CallContext context) {
    Instant now = clock.instant();
    settle(reservation, billing.failed(request.model(), context, now).paidNanoDollars(), now);
  }

  private void settle(Reservation reservation, long nanoDollars, Instant now) {
    List<BudgetAlert> alerts = new ArrayList<>();
    synchronized (accounts) {
      for (int i = 0; i < reservation.accounts().size(); i++) {
        BudgetAccount account = reservation.accounts().get(i);
        account.roll(now);
        account.settle(reservation.since().get(i), reservation.nanoDollars(), nanoDollars, alerts);
      }
    }
    tell(alerts);
  }

  private void tell(List<BudgetAlert> alerts) {
    for (BudgetAlert alert : alerts) {
      try {
        onAlert.accept(alert);
      } catch (Throwable e) {
        failOpen.swallow(e);
      }
    }
  }

  /** The settings of a budget lever. Not thread-safe. */
  public static final class Builder {
    private final Prices prices;
    private final List<Budget> budgets = new ArrayList<>();
    private final List<BudgetStatus> carried = new ArrayList<>();
    private TokenCounter tokens = new JtokkitCounter();
    private InstantSource clock = InstantSource.system();
    private long outputTokensExpected = 1_000;
    private Consumer<BudgetAlert> onAlert = alert -> {};

    private Builder(Prices prices) {
      this.prices = prices;
    }

    /** One more budget; a call comes under all that cover it. */
    public Builder budget(Budget value) {
      budgets.add(value);
      return this;
    }

    /**
     * What {@link #status} said before a restart: without it, budgets begin anew. What is of a
     * period that is over, or of a budget that is not here, is left out.
     */
    public Builder carryOver(List<BudgetStatus> status) {
      carried.addAll(status);
      return this;
    }

    /**
     * Told of each alert, by the thread of the call, outside the lock: be quick. Default nobody.
     */
    public Builder onAlert(Consumer<BudgetAlert> value) {
      onAlert = value;
      return this;
    }

    /** What to reserve for an answer without a limit of its own, in tokens. Default 1,000. */
    public Builder outputTokensExpected(long value) {
      if (value < 0) {
        throw new ChatException.InvalidSetting("outputTokensExpected " + value + " is negative");
      }
      outputTokensExpected = value;
      return this;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** The clock of periods and prices. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public BudgetLever build() {
      return new BudgetLever(this);
    }
  }
}
