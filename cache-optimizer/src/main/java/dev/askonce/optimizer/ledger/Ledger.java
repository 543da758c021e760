package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.LedgerRow.Key;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The books: tokens and money by endpoint, tenant, model and lever. Thread-safe; a short lock a
 * call, and memory for a bounded number of rows.
 *
 * <p>Tokens are the provider's count where it gave one, ours otherwise. Cost is at the price of the
 * model that answered, baseline at the price of the model that was asked for, with all that levers
 * saved put back (see {@link dev.askonce.optimizer.chat.Effects}): levers' savings sum to the one
 * less the other. Calls of a lever's own are costs without a baseline. A model without a price is
 * named, and neither its cost nor its baseline is in the books.
 */
public final class Ledger {
  /** The most rows; calls of further keys are booked under {@link #OTHER}, by lever. */
  public static final int ROWS_MAX = 1_000;

  /** Endpoint, tenant and model of rows beyond the limit. */
  public static final String OTHER = "other";

  /** Longer names, which a caller may send as a model, are cut. */
  private static final int NAME_CHARS_MAX = 128;

  private static final int UNKNOWN_MAX = 100;

  /** A twelfth of 365.25 days. */
  private static final Duration MONTH = Duration.ofHours(730).plusMinutes(30);

  private final Prices prices;
  private final Billing billing;
  private final TokenCounter tokens;
  private final InstantSource clock;
  private final FailOpen failOpen;
  private final Map<String, Long> fixedPerMonth;
  private final Set<String> budgetModels;
  private final Instant from;

  /* All below are guarded by the rows. */
  private final Map<Key, LedgerRow> rows = new LinkedHashMap<>();
  private final Map<Key, LeverRow> levers = new LinkedHashMap<>();
  private final Map<String, Long> unknown = new LinkedHashMap<>();
  private long hits;
  private long budgetRoutes;
  private long standardRoutes;

  /** A ledger without fixed costs, for which gpt-4o-mini is the budget tier. */
  public Ledger(Prices prices, TokenCounter tokens, InstantSource clock) {
    this(builder(prices).tokens(tokens).clock(clock));
  }

  private Ledger(Builder builder) {
    prices = builder.prices;
    billing = new Billing(prices);
    tokens = builder.tokens;
    clock = builder.clock;
    failOpen = new FailOpen("ledger", clock);
    fixedPerMonth = Map.copyOf(builder.fixedPerMonth);
    budgetModels = Set.copyOf(builder.budgetModels);
    from = clock.instant();
  }

  public static Builder builder(Prices prices) {
    return new Builder(prices);
  }

  /** {@return a client that books what {@code next} does} Costs nothing to make. */
  public ChatClient over(ChatClient next) {
    return new LedgerClient(this, next);
  }

  /** {@return the prices by which calls are booked} */
  public Prices prices() {
    return prices;
  }

  /** {@return how often a call could not be booked} */
  public long troubleCount() {
    return failOpen.count();
  }

  /** {@return all rows and their sum, as of now} */
  public LedgerSnapshot snapshot() {
    Instant at = clock.instant();
    synchronized (rows) {
      LedgerRow total = LedgerRow.empty(new Key("", "", "", ""));
      for (LedgerRow row : rows.values()) {
        total = total.plus(row);
      }
      return new LedgerSnapshot(
          from,
          at,
          total,
          List.copyOf(rows.values()),
          List.copyOf(levers.values()),
          fixed(Duration.between(from, at)),
          new RouteStatistics(total.calls(), hits, budgetRoutes, standardRoutes),
          Collections.unmodifiableMap(new LinkedHashMap<>(unknown)));
    }
  }

  private Map<String, Long> fixed(Duration elapsed) {
    Map<String, Long> costs = new TreeMap<>();
    fixedPerMonth.forEach(
        (lever, month) ->
            costs.put(
                lever,
                BigInteger.valueOf(month)
                    .multiply(BigInteger.valueOf(Math.max(0, elapsed.toMillis())))
                    .divide(BigInteger.valueOf(MONTH.toMillis()))
                    .longValueExact()));
    return Collections.unmodifiableMap(costs);
  }

  /**
   * Books a call that the provider answered, wholly or in part. Calls through {@link #over} are
   * booked already; this is for answers that come another way, such as those of a batch job, with
   * the effects that their context has noted.
   */
  public void answered(ChatRequest request, CallContext context, Completion completion) {
    guarded(
        () -> {
          Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
          String model = completion.model().isEmpty() ? request.model() : completion.model();
          Bill bill =
              billing.answered(request.model(), completion, usage, context, clock.instant());
          LedgerRow row =
              new LedgerRow(
                  key(context, model, LedgerRow.PROVIDER),
                  1,
                  0,
                  0,
                  usage,
                  bill.batched() ? usage.input() + usage.output() : 0,
                  0,
                  Usage.NONE,
                  bill.costNanoDollars(),
                  bill.baselineNanoDollars(),
                  completion.usage().isEmpty() ? 1 : 0,
                  bill.unpriced() ? 1 : 0);
          book(row, bill, request, context);
        });
  }

  /** Books a lever's own call that ended after the call it was made for, such as a check. */
  public void overhead(CallContext context, Overhead overhead) {
    guarded(
        () -> {
          CallContext alone = context.fresh();
          alone.effects().add(overhead);
          Bill bill = billing.failed(overhead.model(), alone, clock.instant());
          synchronized (rows) {
            addOthers(bill, overhead.model(), context);
          }
        });
  }

  /** Books a call that a lever answered. */
  void avoided(ChatRequest request, CallContext context, Avoided avoided) {
    guarded(
        () -> {
          Bill bill = billing.avoided(request, avoided, context, clock.instant());
          LedgerRow row =
              new LedgerRow(
                  key(context, request.model(), avoided.lever()),
                  1,
                  0,
                  0,
                  Usage.NONE,
                  0,
                  0,
                  avoided.usage(),
                  0,
                  bill.baselineNanoDollars(),
                  avoided.estimated() ? 1 : 0,
                  bill.unpriced() ? 1 : 0);
          book(row, bill, request, context);
        });
  }

  /** Books a call that broke or was answered with an error: no provider bills those. */
  void failed(ChatRequest request, CallContext context) {
    guarded(
        () ->
            book(
                LedgerRow.failure(key(context, request.model(), LedgerRow.PROVIDER)),
                billing.failed(request.model(), context, clock.instant()),
                request,
                context));
  }

  private void book(LedgerRow row, Bill bill, ChatRequest request, CallContext context) {
    boolean answeredByProvider = row.key().lever().equals(LedgerRow.PROVIDER);
    boolean budget = answeredByProvider && isBudget(row.key().model());
    synchronized (rows) {
      add(row);
      hits += answeredByProvider ? 0 : 1;
      budgetRoutes += budget ? 1 : 0;
      standardRoutes += answeredByProvider && !budget ? 1 : 0;
      addOthers(bill, request.model(), context);
    }
  }

  /** Books what a bill says beside its answer. */
  private void addOthers(Bill bill, String asked, CallContext context) {
    if (bill.savings().isEmpty() && bill.overheads().isEmpty() && bill.unknownModels().isEmpty()) {
      return;
    }
    Set<String> involved = new HashSet<>(4);
    for (Bill.Saving saving : bill.savings()) {
      add(
          new LeverRow(
              key(context, asked, saving.lever()),
              involved.add(saving.lever()) ? 1 : 0,
              saving.inputTokens(),
              saving.outputTokens(),
              saving.nanoDollars(),
              0));
    }
    for (Bill.Paid paid : bill.overheads()) {
      Overhead overhead = paid.overhead();
      Key own = key(context, overhead.model(), overhead.lever());
      add(LedgerRow.overhead(own, overhead.usage(), paid.nanoDollars()));
      int calls = involved.add(overhead.lever()) ? 1 : 0;
      add(new LeverRow(key(context, asked, overhead.lever()), calls, 0, 0, 0, paid.nanoDollars()));
    }
    for (String model : bill.unknownModels()) {
      String name = cut(model);
      boolean room = unknown.size() < UNKNOWN_MAX || unknown.containsKey(name);
      unknown.merge(room ? name : OTHER, 1L, Long::sum);
    }
  }

  private void add(LedgerRow row) {
    Key key = bounded(rows, row.key());
    LedgerRow before = rows.get(key);
    rows.put(key, (before == null ? LedgerRow.empty(key) : before).plus(row));
  }

  private void add(LeverRow row) {
    Key key = bounded(levers, row.key());
    LeverRow before = levers.get(key);
    levers.put(key, (before == null ? LeverRow.empty(key) : before).plus(row));
  }

  private static Key bounded(Map<Key, ?> some, Key key) {
    return some.size() < ROWS_MAX || some.containsKey(key)
        ? key
        : new Key(OTHER, OTHER, OTHER, key.lever());
  }

  private boolean isBudget(String model) {
    if (budgetModels.contains(model)) {
      return true;
    }
    for (String name : budgetModels) {
      // A version of it: gpt-4o-mini-2024-07-18, and not gpt-4o-mini-audio-preview.
      if (model.length() > name.length() + 1
          && model.startsWith(name)
          && (model.charAt(name.length()) == '-' || model.charAt(name.length()) == '@')
          && Character.isDigit(model.charAt(name.length() + 1))) {
        return true;
      }
    }
    return false;
  }

  private void guarded(Runnable booking) {
    try {
      booking.run();
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  private static Key key(CallContext context, String model, String lever) {
    return new Key(cut(context.endpoint()), cut(context.tenant().orElse("")), cut(model), lever);
  }

  private static String cut(String name) {
    return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX);
  }

  /** The settings of a ledger. Not thread-safe. */
  public static final class Builder {
    private final Prices prices;
    private TokenCounter tokens = new JtokkitCounter();
    private InstantSource clock = InstantSource.system();
    private final Map<String, Long> fixedPerMonth = new LinkedHashMap<>();
    private Set<String> budgetModels = Set.of("gpt-4o-mini");

    private Builder(Prices prices) {
      this.prices = prices;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** The clock of prices and of fixed costs. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /**
     * What a lever costs whether it is used or not, such as the machine of a cache. Default none.
     *
     * @param lever its name, such as {@code cache}
     * @param monthNanoDollars a month of a twelfth of a year, in 10⁻⁹ dollars
     */
    public Builder fixedCost(String lever, long monthNanoDollars) {
      if (monthNanoDollars < 0) {
        throw new ChatException.InvalidSetting("fixedCost of " + lever + " is negative");
      }
      fixedPerMonth.merge(lever, monthNanoDollars, Long::sum);
      return this;
    }

    /**
     * The models that {@link RouteStatistics#budgetRoutes} counts, without their versions. Default
     * gpt-4o-mini.
     */
    public Builder budgetModels(Set<String> names) {
      budgetModels = names;
      return this;
    }

    public Ledger build() {
      return new Ledger(this);
    }
  }
}
