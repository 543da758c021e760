package dev.askonce.optimizer.cache;

import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LoadTicket.Role;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The lever that answers from a {@link SemanticCache}: its settings, its counts, and the decorator
 * of any client. Thread-safe.
 *
 * <p>A request is asked on the cache's {@link dev.askonce.engine.Route} that has the name of its
 * endpoint. One that may be asked leads, follows or hits (see {@link LoadTicket}): of equal
 * requests at once, streaming or not, one calls the provider. Whatever goes wrong in the cache is
 * counted, and the provider answers.
 */
public final class CacheLever implements Lever {
  /** The name of this lever in the ledger. */
  public static final String NAME = "cache";

  /**
   * The header of a hit's reply with its {@link dev.askonce.engine.HitId}, by which it can be
   * reported as wrong.
   */
  public static final String HIT_HEADER = "x-askonce-hit";

  private final SemanticCache cache;
  private final Fingerprint fingerprint;
  private final Duration followTimeout;
  private final int answerBytesMax;
  private final Duration ttlMax;
  private final Prices prices;
  private final TokenCounter tokens;
  private final InstantSource clock;
  private final FailOpen failOpen;

  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder stored = new LongAdder();
  final LongAdder declined = new LongAdder();
  private final LongAdder[] bypassed = new LongAdder[BypassReason.values().length];

  private CacheLever(Builder builder) {
    cache = builder.cache;
    fingerprint = new Fingerprint(builder.temperatureMax, builder.conversationsBySimilarity);
    followTimeout = builder.followTimeout;
    answerBytesMax = builder.answerBytesMax;
    ttlMax = builder.ttlMax;
    prices = builder.prices;
    tokens = builder.tokens;
    clock = builder.clock;
    failOpen = new FailOpen(NAME, clock);
    Arrays.setAll(bypassed, i -> new LongAdder());
  }

  public static Builder builder(SemanticCache cache) {
    return new Builder(cache);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.CACHE;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new CachedClient(this, next);
  }

  public CacheCounts counts() {
    Map<BypassReason, Long> reasons = new EnumMap<>(BypassReason.class);
    for (BypassReason reason : BypassReason.values()) {
      long count = bypassed[reason.ordinal()].sum();
      if (count > 0) {
        reasons.put(reason, count);
      }
    }
    return new CacheCounts(
        hits.sum(), misses.sum(), reasons, stored.sum(), declined.sum(), failOpen.count());
  }

  Fingerprint fingerprint() {
    return fingerprint;
  }

  int answerBytesMax() {
    return answerBytesMax;
  }

  FailOpen failOpen() {
    return failOpen;
  }

  void bypassed(BypassReason reason) {
    bypassed[reason.ordinal()].increment();
  }

  /** {@return the hit, or the right to load; without the cache's help where it is in trouble} */
  Load acquire(Fingerprint.Plan.Ask ask, CallContext context) {
    LoadTicket ticket = null;
    try {
      LookupOptions options =
          LookupOptions.DEFAULTS.route(context.endpoint()).exactOnly(ask.exactOnly());
      ticket = cache.acquire(ask.scope(), ask.text(), options);
      if (ticket.role() == Role.FOLLOWER) {
        ticket.await(context.waitMax().filter(this::isShort).orElse(followTimeout));
      }
      return new Load(ticket, failOpen);
    } catch (Throwable e) {
      // First, so that nobody waits for a ticket even if the trouble is not swallowed.
      new Load(ticket, failOpen).close();
      failOpen.swallow(e);
      return new Load(null, failOpen);
    }
  }

  private boolean isShort(Duration wait) {
    return wait.compareTo(followTimeout) < 0;
  }

  /** Stores a reply, or says that it is not to be stored. */
  void settle(
      Load load,
      Admission admission,
      ChatRequest request,
      CallContext context,
      Completion completion,
      String contentType,
      byte[] body) {
    switch (admission) {
      case STORE -> {
        if (body.length > answerBytesMax) {
          declined.increment();
          load.decline();
        } else {
          store(load, request, context, completion, contentType, body);
        }
      }
      case DECLINE -> {
        declined.increment();
        load.decline();
      }
      case FAIL -> load.fail();
    }
  }

  private void store(
      Load load,
      ChatRequest request,
      CallContext context,
      Completion completion,
      String contentType,
      byte[] body) {
    try {
      Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
      StoredReply reply =
          new StoredReply(
              contentType,
              body,
              completion.model(),
              usage,
              completion.usage().isEmpty(),
              request.includeUsage());
      Instant now = clock.instant();
      long saved =
          prices
              .of(context.url(), completion.model(), now)
              .or(() -> prices.of(context.url(), request.model(), now))
              .map(price -> price.nanoDollars(usage))
              .orElse(0L);
      PutOptions options =
          PutOptions.DEFAULTS
              .tags(
                  "model:" + request.model(),
                  "endpoint:" + context.endpoint(),
                  "answered:" + completion.model())
              .provenance(context.principal())
              .savedNanoDollars(saved);
      load.fulfil(reply.toAnswer(), asked(context).map(options::ttl).orElse(options));
      stored.increment();
    } catch (Throwable e) {
      failOpen.swallow(e);
      load.decline();
    }
  }

  /** {@return how long the caller lets an answer be kept, if it says, within the limit} */
  private Optional<Duration> asked(CallContext context) {
    return context.ttl().map(ttl -> ttl.compareTo(ttlMax) < 0 ? ttl : ttlMax);
  }

  /** The settings of a cache lever. Not thread-safe. */
  public static final class Builder {
    private final SemanticCache cache;
    private Duration followTimeout = Duration.ofSeconds(60);
    private double temperatureMax = Double.POSITIVE_INFINITY;
    private boolean conversationsBySimilarity;
    private int answerBytesMax = 64 * 1024;
    private Duration ttlMax = Duration.ofDays(30);
    private Prices prices = Prices.november2025();
    private TokenCounter tokens = new JtokkitCounter();
    private InstantSource clock = InstantSource.system();

    private Builder(SemanticCache cache) {
      this.cache = cache;
    }

    /**
     * The most time to wait for another's call of the same question, unless a call's own {@link
     * CallContext#waitMax} is less. Default one minute.
     */
    public Builder followTimeout(Duration value) {
      if (value.isNegative()) {
        throw new ChatException.InvalidSetting("followTimeout " + value + " is negative");
      }
      followTimeout = value;
      return this;
    }

    /**
     * Requests of a higher temperature go past the cache; one that says nothing has the API's
     * default of 1. By default there is no limit: a repeated answer is what a cache is for.
     */
    public Builder temperatureMax(double value) {
      if (!(value >= 0)) {
        throw new ChatException.InvalidSetting("temperatureMax " + value + " is negative");
      }
      temperatureMax = value;
      return this;
    }

    /**
     * Whether the last text of a conversation (a request with more than one user message) may be
     * answered by a similar one of the same conversation. Default false: only by an equal one.
     */
    public Builder conversationsBySimilarity(boolean value) {
      conversationsBySimilarity = value;
      return this;
    }

    /** The largest reply that is kept, at most what the cache takes. Default 64 KiB. */
    public Builder answerBytesMax(int value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting("answerBytesMax " + value + " is below 1");
      }
      answerBytesMax = value;
      return this;
    }

    /**
     * The longest that a caller may have an answer kept; one that asks for longer gets this. Set it
     * as {@link dev.askonce.engine.SemanticCacheBuilder#ttlMax}: answers that were to be kept for
     * longer than the cache allows are not kept. Default 30 days, as there.
     */
    public Builder ttlMax(Duration value) {
      if (value.toMillis() < 1) {
        throw new ChatException.InvalidSetting("ttlMax " + value + " is under a millisecond");
      }
      ttlMax = value;
      return this;
    }

    /** What a stored answer saves at each hit. Default {@link Prices#november2025}. */
    public Builder prices(Prices value) {
      prices = value;
      return this;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** The clock of prices and of logging. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public CacheLever build() {
      return new CacheLever(this);
    }
  }
}
