package dev.askonce.optimizer;

import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import java.time.InstantSource;
import java.util.Optional;

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
  private final Optional<CacheLever> cache;

  private Pipeline(Ledger ledger, Optional<CacheLever> cache) {
    this.ledger = ledger;
    this.cache = cache;
  }

  /** {@return the pipeline of a cache with default settings and the prices that come with us} */
  public static Pipeline of(SemanticCache cache) {
    return of(defaultLedger(), CacheLever.builder(cache).build());
  }

  /** {@return the pipeline of these levers} */
  public static Pipeline of(Ledger ledger, CacheLever cache) {
    return new Pipeline(ledger, Optional.of(cache));
  }

  /** {@return the pipeline that changes no request and no reply, and only keeps the books} */
  public static Pipeline observe() {
    return observe(defaultLedger());
  }

  /** {@return the pipeline that changes no request and no reply, and only keeps these books} */
  public static Pipeline observe(Ledger ledger) {
    return new Pipeline(ledger, Optional.empty());
  }

  private static Ledger defaultLedger() {
    return new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());
  }

  /**
   * {@return the levers around a transport} Cheap enough to be made for each call; whatever is kept
   * between calls belongs to the levers.
   */
  public ChatClient over(ChatClient transport) {
    ChatClient client = transport;
    // The cache lies inside the ledger, which books its hits, and outside everything that changes a
    // request: it is asked with the request as it came.
    if (cache.isPresent()) {
      client = cache.get().over(client);
    }
    return ledger.over(client);
  }

  public Ledger ledger() {
    return ledger;
  }

  /** {@return the cache lever, unless this pipeline only observes} */
  public Optional<CacheLever> cache() {
    return cache;
  }
}
