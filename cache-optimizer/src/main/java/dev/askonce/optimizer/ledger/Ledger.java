package dev.askonce.optimizer.ledger;

import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.LedgerRow.Key;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The books: tokens and money by endpoint, tenant, model and lever. Thread-safe; a short lock a
 * call.
 *
 * <p>Tokens are the provider's count where it gave one, ours otherwise. Cost is at the price of the
 * model that answered, baseline at the price of the model that was asked for.
 */
public final class Ledger {
  /** The most rows; calls of further keys are booked under {@link #OTHER}, by lever. */
  public static final int ROWS_MAX = 1_000;

  /** Endpoint, tenant and model of rows beyond the limit. */
  public static final String OTHER = "other";

  /** Longer names, which a caller may send as a model, are cut. */
  private static final int NAME_CHARS_MAX = 128;

  private final Prices prices;
  private final TokenCounter tokens;
  private final InstantSource clock;
  private final FailOpen failOpen;
  private final Map<Key, LedgerRow> rows = new LinkedHashMap<>();

  public Ledger(Prices prices, TokenCounter tokens, InstantSource clock) {
    this.prices = prices;
    this.tokens = tokens;
    this.clock = clock;
    this.failOpen = new FailOpen("ledger", clock);
  }

  /** {@return a client that books what {@code next} does} Costs nothing to make. */
  public ChatClient over(ChatClient next) {
    return new LedgerClient(this, next);
  }

  /** {@return all rows and their sum, as of now} */
  public LedgerSnapshot snapshot() {
    List<LedgerRow> copy;
    synchronized (rows) {
      copy = List.copyOf(rows.values());
    }
    LedgerRow total = LedgerRow.empty(new Key("", "", "", ""));
    for (LedgerRow row : copy) {
      total = total.plus(row);
    }
    return new LedgerSnapshot(total, copy);
  }

  /** Books a call that a lever answered. */
  void avoided(ChatRequest request, CallContext context, Avoided avoided) {
    guarded(
        () -> {
          Optional<Price> price = prices.of(request.model(), today());
          long baseline = price.map(p -> p.nanoDollars(avoided.usage())).orElse(0L);
          add(
              new LedgerRow(
                  key(context, request.model(), avoided.lever()),
                  1,
                  0,
                  Usage.NONE,
                  avoided.usage(),
                  0,
                  baseline,
                  avoided.estimated() ? 1 : 0,
                  price.isEmpty() ? 1 : 0));
        });
  }

  /** Books a call that the provider answered, wholly or in part. */
  void answered(ChatRequest request, CallContext context, Completion completion) {
    guarded(
        () -> {
          Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
          String model = completion.model().isEmpty() ? request.model() : completion.model();
          LocalDate today = today();
          Optional<Price> asked = prices.of(request.model(), today);
          Optional<Price> served = prices.of(model, today).or(() -> asked);
          long cost = served.map(price -> price.nanoDollars(usage)).orElse(0L);
          add(
              new LedgerRow(
                  key(context, model, LedgerRow.PROVIDER),
                  1,
                  0,
                  usage,
                  Usage.NONE,
                  cost,
                  asked.map(price -> price.nanoDollars(usage)).orElse(cost),
                  completion.usage().isEmpty() ? 1 : 0,
                  served.isEmpty() ? 1 : 0));
        });
  }

  /** Books a call that broke or was answered with an error: no provider bills those. */
  void failed(ChatRequest request, CallContext context) {
    guarded(
        () ->
            add(
                new LedgerRow(
                    key(context, request.model(), LedgerRow.PROVIDER),
                    1,
                    1,
                    Usage.NONE,
                    Usage.NONE,
                    0,
                    0,
                    0,
                    0)));
  }

  private void add(LedgerRow row) {
    synchronized (rows) {
      Key key = row.key();
      if (rows.size() >= ROWS_MAX && !rows.containsKey(key)) {
        key = new Key(OTHER, OTHER, OTHER, key.lever());
      }
      rows.put(key, rows.getOrDefault(key, LedgerRow.empty(key)).plus(row));
    }
  }

  private void guarded(Runnable booking) {
    try {
      booking.run();
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private static Key key(CallContext context, String model, String lever) {
    return new Key(cut(context.endpoint()), cut(context.tenant().orElse("")), cut(model), lever);
  }

  private static String cut(String name) {
    return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX);
  }
}
