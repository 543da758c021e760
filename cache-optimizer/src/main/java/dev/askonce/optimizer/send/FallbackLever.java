package dev.askonce.optimizer.send;

import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Lever;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The lever that sends: tries a request again where the trouble may pass, and then along a list of
 * other models and providers. Thread-safe.
 *
 * <pre>
 *   answer, or the caller's mistake        returned as it came
 *   broken, timed out, 408 409 425 429 5xx tried again after a wait, then at the next target
 *   account used up                        at the next target of another provider
 *   too long for the model                 at the next target that is known to read more
 *   any error of a fallback target         at the next target
 *   nobody answers                         the first target's trouble, with x-should-retry: false
 * </pre>
 *
 * <p>A target that failed several times in a row, or asks for a longer wait than it is given, is
 * passed over while it cools down, unless all are. Retries stay under a share of calls. A stream is
 * not tried again once its head is there.
 *
 * <p>This is to be the only loop of retries: set those of the client above and of the transport
 * below to 0, or three tries become nine. An error that it returns after all tries says {@code
 * x-should-retry: false}, which the SDK believes; a broken exchange has no headers to say so.
 */
public final class FallbackLever implements Lever {
  /** The name of this lever in the ledger. */
  public static final String NAME = "fallback";

  private final List<Target> targets;
  private final Map<String, List<Target>> targetsByModel;
  private final Map<String, LongAdder> fallbacks = new ConcurrentHashMap<>();

  final RetryPolicy policy;
  final RetryBudget budget;
  final Cooldowns cooldowns;
  final InstantSource clock;
  final Sleeper sleeper;
  final Supplier<RandomGenerator> random;

  final LongAdder calls = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder retriesDenied = new LongAdder();
  final LongAdder failed = new LongAdder();

  private FallbackLever(Builder builder) {
    targets = List.copyOf(builder.targets);
    targetsByModel = Map.copyOf(builder.targetsByModel);
    policy = builder.policy;
    budget = new RetryBudget(builder.retryShareMax, builder.retriesBurst);
    cooldowns = new Cooldowns(builder.failuresMax, builder.coolDown, builder.clock);
    clock = builder.clock;
    sleeper = builder.sleeper;
    random = builder.random;
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
    return Stage.SEND;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new SendingClient(this, next);
  }

  public SendCounts counts() {
    Map<String, Long> byTarget = new TreeMap<>();
    fallbacks.forEach((target, count) -> byTarget.put(target, count.sum()));
    return new SendCounts(
        calls.sum(),
        retries.sum(),
        byTarget,
        cooldowns.begun.sum(),
        retriesDenied.sum(),
        failed.sum());
  }

  /** {@return where to go when the place that a request names cannot answer} */
  List<Target> targets(ChatRequest request) {
    return targetsByModel.getOrDefault(request.model().toLowerCase(Locale.ROOT), targets);
  }

  void fellBackTo(Target target) {
    fallbacks.computeIfAbsent(target.name(), key -> new LongAdder()).increment();
  }

  /** The settings of a fallback lever. Not thread-safe. */
  public static final class Builder {
    private List<Target> targets = List.of();
    private final Map<String, List<Target>> targetsByModel = new HashMap<>();
    private RetryPolicy policy = RetryPolicy.DEFAULTS;
    private double retryShareMax = 0.2;
    private int retriesBurst = 10;
    private int failuresMax = 3;
    private Duration coolDown = Duration.ofSeconds(30);
    private InstantSource clock = InstantSource.system();
    private Sleeper sleeper = Sleeper.SYSTEM;
    private Supplier<RandomGenerator> random = ThreadLocalRandom::current;

    private Builder() {}

    /** Where to go, in this order, for models without a list of their own. Default: nowhere. */
    public Builder targets(Target... list) {
      targets = List.of(list);
      return this;
    }

    /** Where to go, in this order, for requests of a model, by its exact name. */
    public Builder targetsOf(String model, Target... list) {
      targetsByModel.put(model.toLowerCase(Locale.ROOT), Arrays.asList(list.clone()));
      return this;
    }

    /** How often and after how long a target is tried again. */
    public Builder retries(RetryPolicy value) {
      policy = value;
      return this;
    }

    /**
     * Keeps retries under a share of calls. Default 0.2 and 10.
     *
     * @param share retries a call, from 0 to 1
     * @param burst retries that are allowed beside that share, at most at once
     */
    public Builder retryShareMax(double share, int burst) {
      if (!(share >= 0 && share <= 1) || burst < 0) {
        throw new ChatException.InvalidSetting(
            "a retry share of " + share + " and a burst of " + burst + " are not 0 to 1, and 0 up");
      }
      retryShareMax = share;
      retriesBurst = burst;
      return this;
    }

    /**
     * After how many failures in a row a target is left alone, and for how long, at most so where
     * it says so itself. Default three and 30 seconds.
     */
    public Builder coolDown(int failures, Duration time) {
      if (failures < 1 || time.isNegative()) {
        throw new ChatException.InvalidSetting(
            "a cool-down of " + time + " after " + failures + " failures is none");
      }
      failuresMax = failures;
      coolDown = time;
      return this;
    }

    /** The clock of cool-downs and of {@link RetryPolicy#timeMax}. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Waits before retries. Default {@link Sleeper#SYSTEM}. */
    public Builder sleeper(Sleeper value) {
      sleeper = value;
      return this;
    }

    /** Spreads retries. Default the thread's own. */
    public Builder random(RandomGenerator value) {
      random = () -> value;
      return this;
    }

    public FallbackLever build() {
      return new FallbackLever(this);
    }
  }
}
