package dev.askonce.optimizer.fanout;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks many independent requests at once, each on a virtual thread, as fast as the provider allows.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * FanOut fanOut = FanOut.builder(client).build();
 * List<Outcome> outcomes = fanOut.run(calls);
 * }</pre>
 *
 * <p>A request that is answered with 429 is asked again, some times; every other failure is an
 * outcome. Give it a whole pipeline as its client, and each request has the levers' work done.
 */
public final class FanOut {
  /** One request. */
  public record Call(ChatRequest request, CallContext context) {}

  /** A text has about so many bytes a token; only limits are judged by it, never money. */
  private static final int BYTES_PER_TOKEN = 4;

  final ChatClient client;
  final RateLimits limits;
  final int concurrencyMax;
  final int attemptsMax;
  final Optional<Duration> deadline;
  final long outputTokensEstimate;
  final Consumer<Progress> progress;
  final Ticker ticker;

  private FanOut(Builder builder) {
    client = builder.client;
    limits = builder.limits;
    concurrencyMax = builder.concurrencyMax;
    attemptsMax = builder.attemptsMax;
    deadline = builder.deadline;
    outputTokensEstimate = builder.outputTokensEstimate;
    progress = builder.progress;
    ticker = builder.ticker;
  }

  public static Builder builder(ChatClient client) {
    return new Builder(client);
  }

  /**
   * {@return the outcomes, each in the place of its call}
   *
   * @throws InterruptedException if the thread was interrupted; the run is cancelled then
   */
  public List<Outcome> run(List<Call> calls) throws InterruptedException {
    FanOutRun run = start(calls);
    try {
      return run.await();
    } catch (InterruptedException e) {
      run.cancel();
      throw e;
    }
  }

  /** {@return the run of these calls, which has begun} */
  public FanOutRun start(List<Call> calls) {
    return new FanOutRun(this, List.copyOf(calls));
  }

  /** {@return the tokens that a request counts for, near enough for limits} */
  double cost(ChatRequest request) {
    return request.body().length / (double) BYTES_PER_TOKEN
        + request.outputTokensMax().orElse(outputTokensEstimate);
  }

  /** The settings of a fan-out. Not thread-safe. */
  public static final class Builder {
    private final ChatClient client;
    private RateLimits limits = new RateLimits();
    private int concurrencyMax = 64;
    private int attemptsMax = 5;
    private Optional<Duration> deadline = Optional.empty();
    private long outputTokensEstimate = 500;
    private Consumer<Progress> progress = now -> {};
    private Ticker ticker = Ticker.SYSTEM;

    private Builder(ChatClient client) {
      this.client = client;
    }

    /** What is known of the provider's limits, shared with others of the same key. Default new. */
    public Builder limits(RateLimits value) {
      limits = value;
      return this;
    }

    /** The most requests to ask at once, from 1. Default 64. */
    public Builder concurrencyMax(int value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting("concurrencyMax " + value + " is below 1");
      }
      concurrencyMax = value;
      return this;
    }

    /** How often a request is asked that the provider has no room for, from 1. Default 5. */
    public Builder attemptsMax(int value) {
      if (value < 1) {
        throw new ChatException.InvalidSetting("attemptsMax " + value + " is below 1");
      }
      attemptsMax = value;
      return this;
    }

    /** When the run ends, with or without all its replies. Default never. */
    public Builder deadline(Duration value) {
      deadline = Optional.of(value);
      return this;
    }

    /** Output tokens that a request without a limit counts for. Default 500. */
    public Builder outputTokensEstimate(long value) {
      outputTokensEstimate = value;
      return this;
    }

    /** Told how far the run is, by one thread, in order; what it throws is passed over. */
    public Builder progress(Consumer<Progress> value) {
      progress = value;
      return this;
    }

    /** The time. Default the machine's. */
    public Builder ticker(Ticker value) {
      ticker = value;
      return this;
    }

    public FanOut build() {
      return new FanOut(this);
    }
  }
}
