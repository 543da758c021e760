package dev.askonce.optimizer.compress;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * The lever that makes prompts shorter and keeps their prefix cached. Without a setting it does
 * what loses nothing; an endpoint's {@link CompressSettings} allow more. Thread-safe.
 *
 * <p>Material that recent requests share as part of their prefix is left alone where the provider's
 * cache makes it cheaper than what would be left of it, by {@link PrefixArithmetic}; so it is for a
 * model without a price. Only user messages are shortened with a loss; the assistant's are never
 * touched.
 */
public final class CompressLever implements Lever {
  /** The name of this lever in the ledger. */
  public static final String NAME = "compress";

  /** Forms that are remembered, in UTF-16 units. */
  private static final int REMEMBERED_CHARS_MAX = 4 << 20;

  private final CompressSettings settings;
  private final Map<String, CompressSettings> endpoints;
  private final TokenCounter tokens;
  private final Prices prices;
  private final InstantSource clock;
  private final FailOpen failOpen;
  private final PrefixTracker tracker = new PrefixTracker();
  private final Remembered remembered = new Remembered(REMEMBERED_CHARS_MAX);
  private final LongAdder changed = new LongAdder();
  private final LongAdder saved = new LongAdder();

  private CompressLever(Builder builder) {
    settings = builder.settings;
    endpoints = Map.copyOf(builder.endpoints);
    tokens = builder.tokens;
    prices = builder.prices;
    clock = builder.clock;
    failOpen = new FailOpen(NAME, clock);
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.COMPRESS;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
        return next.complete(compressed(request, context), context);
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
        return next.stream(compressed(request, context), context);
      }
    };
  }

  /** {@return how much of each endpoint's prompts a provider's cache could know} */
  public Map<String, PrefixStats> prefixes() {
    return tracker.stats();
  }

  /** {@return requests changed, input tokens saved, failures passed over} */
  public CompressCounts counts() {
    return new CompressCounts(changed.sum(), saved.sum(), failOpen.count());
  }

  private ChatRequest compressed(ChatRequest request, CallContext context) {
    try {
      Prompt prompt =
          new Prompt(
              request,
              endpoints.getOrDefault(context.endpoint(), settings),
              text -> tokens.count(request.model(), text),
              remembered);
      Prompt.Result result =
          prompt.compressed(
              text -> tracker.note(context.endpoint(), text), arithmetic(request.model()), context);
      if (result.tokensSaved() != 0) {
        context.effects().add(new Effects.InputSaved(NAME, result.tokensSaved()));
        saved.add(result.tokensSaved());
      }
      if (result.request() != request) {
        changed.increment();
      }
      return result.request();
    } catch (Throwable e) {
      failOpen.swallow(e);
      return request;
    }
  }

  private Optional<PrefixArithmetic> arithmetic(String model) {
    return prices
        .of(model, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
        .map(PrefixArithmetic::openAi);
  }

  /** The settings of a compress lever. Not thread-safe. */
  public static final class Builder {
    private CompressSettings settings = CompressSettings.DEFAULTS;
    private final Map<String, CompressSettings> endpoints = new HashMap<>();
    private TokenCounter tokens = new JtokkitCounter();
    private Prices prices = Prices.published();
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /**
     * What holds where {@link #endpoint} says nothing. Default {@link CompressSettings#DEFAULTS}.
     */
    public Builder settings(CompressSettings value) {
      settings = value;
      return this;
    }

    /** What holds for one endpoint, as {@link CallContext#endpoint} names it. */
    public Builder endpoint(String name, CompressSettings value) {
      endpoints.put(name, value);
      return this;
    }

    /** Counts before and after. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** What a cached prefix is worth. Default {@link Prices#november2025}. */
    public Builder prices(Prices value) {
      prices = value;
      return this;
    }

    /** The clock of prices and of logging. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public CompressLever build() {
      return new CompressLever(this);
    }
  }
}
