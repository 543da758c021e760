package dev.askonce.optimizer;

import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.RequestLog;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/**
 * The levers in their order. Immutable and thread-safe: one for all calls and all transports.
 *
 * <pre>{@code
 * Pipeline pipeline = Pipeline.of(cache);
 * ChatReply reply = pipeline.over(transport).complete(request, CallContext.of("acme", url));
 * LedgerSnapshot books = pipeline.ledger().snapshot();
 * }</pre>
 */
public final class Pipeline {
  private final Ledger ledger;
  private final List<Lever> levers;

  private Pipeline(Ledger ledger, List<Lever> levers) {
    this.ledger = ledger;
    this.levers = levers;
  }

  /** {@return the pipeline of a cache with default settings and the prices that come with us} */
  public static Pipeline of(SemanticCache cache) {
    return of(defaultLedger(), CacheLever.builder(cache).build());
  }

  /**
   * {@return the pipeline of these levers} Each stands at its {@link Lever.Stage}, whatever the
   * order here.
   */
  public static Pipeline of(Ledger ledger, Lever... levers) {
    return new Pipeline(
        ledger, List.of(levers).stream().sorted(Comparator.comparing(Lever::stage)).toList());
  }

  /**
   * {@return the pipeline that changes no request and no reply, and only keeps the books} At the
   * providers' list prices.
   */
  public static Pipeline observe() {
    return of(Ledger.builder(Prices.published()).build());
  }

  /**
   * {@return the pipeline that changes no request and no reply: it keeps the books and writes the
   * log that a replay reads}
   */
  public static Pipeline observe(Ledger ledger, RequestLog log) {
    return of(ledger, log);
  }

  private static Ledger defaultLedger() {
    return new Ledger(Prices.published(), new JtokkitCounter(), InstantSource.system());
  }

  /**
   * {@return the levers around a transport} Cheap enough to be made for each call; whatever is kept
   * between calls belongs to the levers.
   */
  public ChatClient over(ChatClient transport) {
    ChatClient client = transport;
    for (Lever lever : levers.reversed()) {
      client = lever.over(client);
    }
    // The ledger lies around all: it books what each of them did, and a hit too.
    return ledger.over(client);
  }

  public Ledger ledger() {
    return ledger;
  }

  /** {@return the levers from the caller to the provider} */
  public List<Lever> levers() {
    return levers;
  }
}
