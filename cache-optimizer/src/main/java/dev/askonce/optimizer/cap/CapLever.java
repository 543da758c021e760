package dev.askonce.optimizer.cap;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.task.TaskClassifier;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * The lever that keeps answers as short as their task needs: limits by task, a word to the model to
 * stop when it is done, forms, stop sequences, and the end of a stream that goes on. Thread-safe.
 *
 * <p>An answer that a limit of ours cuts off is asked anew once, with a larger one. What a call
 * saved is the mean length of calls of its endpoint and task that were left alone, less its own: an
 * estimate that is right in the sum, since chance chose which were left alone, and may be below
 * zero for one call.
 */
public final class CapLever implements Lever {
  /** The name of this lever in the ledger. */
  public static final String NAME = "cap";

  private final CapPlanner planner;
  private final Refusals refusals = new Refusals();
  private final TokenCounter tokens;
  private final FailOpen failOpen;

  private final Map<String, Long> addedTokens = new ConcurrentHashMap<>();

  final LongAdder shaped = new LongAdder();
  final LongAdder explored = new LongAdder();
  final LongAdder truncated = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder passedOn = new LongAdder();
  final LongAdder streamsCut = new LongAdder();
  final LongAdder streamsStopped = new LongAdder();
  private final LongAdder refused = new LongAdder();

  private CapLever(Builder builder) {
    planner = new CapPlanner(builder.settings(), builder.classifier, new Lengths(), builder.random);
    tokens = builder.tokens;
    failOpen = new FailOpen(NAME, builder.clock);
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
    return Stage.CAP;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new CapClient(this, next);
  }

  public CapCounts counts() {
    return new CapCounts(
        shaped.sum(),
        explored.sum(),
        truncated.sum(),
        retried.sum(),
        passedOn.sum(),
        streamsCut.sum(),
        streamsStopped.sum(),
        refused.sum(),
        failOpen.count());
  }

  FailOpen failOpen() {
    return failOpen;
  }

  TokenCounter tokens() {
    return tokens;
  }

  CapPlan plan(ChatRequest request, CallContext context) {
    try {
      if (refusals.isRefusing(context.url(), request.model())) {
        return CapPlan.pass(request);
      }
      CapPlan plan = planner.plan(request, context);
      if (plan.explored()) {
        explored.increment();
      } else if (plan.changed() || plan.cuts()) {
        shaped.increment();
      }
      return plan;
    } catch (Throwable e) {
      failOpen.swallow(e);
      return CapPlan.pass(request);
    }
  }

  /** Notes whether a provider took what we made of a request, having taken it as it came. */
  void taken(CapPlan plan, CallContext context, boolean taken) {
    if (!taken) {
      refused.increment();
    }
    refusals.note(context.url(), plan.asked().model(), taken);
  }

  /** Books a first try that was thrown away. */
  void wasted(CapPlan plan, CallContext context, Completion completion) {
    String model = completion.model().isEmpty() ? plan.sent().model() : completion.model();
    Usage usage = completion.usage().orElseGet(() -> tokens.estimate(plan.sent(), completion));
    context.effects().add(new Effects.Overhead(NAME, model, usage, completion.serviceTier()));
  }

  /** Learns from a whole answer, and notes what the call saved. */
  void settle(CapPlan plan, CallContext context, Completion completion) {
    try {
      if (!plan.added().isEmpty()) {
        long added = addedTokens(plan);
        context.effects().add(new Effects.InputSaved(NAME, -added));
      }
      if (plan.profile().isPresent() && !completion.broken()) {
        learn(plan.profile().get(), plan, context, output(plan, completion));
      }
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  /** Of few texts, each counted once: they are English, which all encodings count alike. */
  private long addedTokens(CapPlan plan) {
    return addedTokens.computeIfAbsent(
        plan.added(), text -> tokens.count(plan.sent().model(), text));
  }

  private static void learn(LengthProfile profile, CapPlan plan, CallContext context, long output) {
    if (plan.explored()) {
      profile.addUncontrolled(output);
      return;
    }
    profile.addControlled(output);
    profile
        .uncontrolledMean()
        .ifPresent(mean -> context.effects().add(new Effects.OutputSaved(NAME, mean - output)));
  }

  private long output(CapPlan plan, Completion completion) {
    return completion
        .usage()
        .map(Usage::output)
        .orElseGet(() -> tokens.count(plan.sent().model(), completion.content()));
  }

  /** The settings of a cap lever. Not thread-safe. */
  public static final class Builder {
    /** The most stop sequences that the API takes. */
    private static final int STOPS_MAX = 4;

    private final Map<Task, Integer> limits =
        new EnumMap<>(Map.of(Task.CLASSIFICATION, 200, Task.EXTRACTION, 500, Task.FACTUAL, 500));
    private double retryFactor = 4;
    private OptionalDouble adaptiveMargin = OptionalDouble.empty();
    private double exploredShare = 0.02;
    private Set<Task> stopWhenDone = EnumSet.of(Task.CLASSIFICATION, Task.EXTRACTION, Task.FACTUAL);
    private boolean agents = true;
    private Set<Task> concise = EnumSet.noneOf(Task.class);
    private final Map<String, JsonFormat> formats = new HashMap<>();
    private final Map<Task, List<String>> stops = new EnumMap<>(Task.class);
    private final Map<Task, StopCondition> conditions = new EnumMap<>(Task.class);
    private final Map<String, LimitField> fields = new HashMap<>();
    private Predicate<String> reasoning = model -> false;
    private int reasoningTokens;
    private TaskClassifier classifier = new TaskClassifier();
    private TokenCounter tokens = new JtokkitCounter();
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /**
     * The most output tokens of a task's answers. Default 200 for classification, 500 for
     * extraction and factual answers, none for the others.
     */
    public Builder limit(Task task, int tokensMax) {
      require(tokensMax >= 1, "limit of " + tokensMax + " tokens is below 1");
      limits.put(task, tokensMax);
      return this;
    }

    /** Takes the limit of a task away. */
    public Builder unlimited(Task task) {
      limits.remove(task);
      return this;
    }

    /**
     * By how much the limit is larger where an answer was cut off and is asked anew. Streams, which
     * cannot be asked anew, have the larger limit at once, and so has an endpoint of whose newest
     * hundred answers more than 5% need it. From 1, which means that answers stay cut off; default
     * 4.
     */
    public Builder retryFactor(double value) {
      require(value >= 1 && value <= 100, "retryFactor " + value + " is not from 1 to 100");
      retryFactor = value;
      return this;
    }

    /**
     * Replaces a task's limit, for each endpoint, by the 99th percentile of its newest answers
     * times this margin, once there are 100; never more than the limit times {@link #retryFactor}.
     * From 1. By default limits are fixed.
     */
    public Builder adaptive(double margin) {
      require(margin >= 1 && margin <= 100, "margin " + margin + " is not from 1 to 100");
      adaptiveMargin = OptionalDouble.of(margin);
      return this;
    }

    /**
     * The share of calls that are left alone, by chance, to know how long their answers would be:
     * without any, nothing saved is claimed. From 0 to 1; default 0.02.
     */
    public Builder exploredShare(double value) {
      require(value >= 0 && value <= 1, "exploredShare " + value + " is not from 0 to 1");
      exploredShare = value;
      return this;
    }

    /**
     * The tasks for which the model is told to stop when it is done. Default: those with a limit.
     */
    public Builder stopWhenDone(Task... tasks) {
      stopWhenDone = set(tasks);
      return this;
    }

    /** Whether a model with tools is told to stop when it is done. Default true. */
    public Builder agents(boolean value) {
      agents = value;
      return this;
    }

    /**
     * The tasks for which the model is told to be concise: nearly half of the tokens less, and
     * answers that judges like less. Default: none.
     */
    public Builder concise(Task... tasks) {
      concise = set(tasks);
      return this;
    }

    /** The form of an endpoint's answers, where a request names none. */
    public Builder json(String endpoint, JsonFormat format) {
      formats.put(endpoint, format);
      return this;
    }

    /**
     * Where answers of a task stop, where a request does not say and asks for no JSON: at most four
     * sequences.
     */
    public Builder stop(Task task, String... sequences) {
      require(sequences.length <= STOPS_MAX, "more than " + STOPS_MAX + " stop sequences");
      for (String sequence : sequences) {
        require(!sequence.isEmpty(), "a stop sequence is empty");
      }
      stops.put(task, List.of(sequences));
      return this;
    }

    /**
     * Where streams of a task are complete, whatever still comes. One that does not fit JSON, as
     * {@link StopCondition#fitsJson} says, is not for answers that have to be JSON.
     */
    public Builder endStream(Task task, StopCondition condition) {
      conditions.put(task, condition);
      return this;
    }

    /** The name of the limit at URLs that begin so. */
    public Builder limitField(String urlPrefix, LimitField field) {
      fields.put(urlPrefix, field);
      return this;
    }

    /** Which models reason, beside those that are known by name: for deployments of other names. */
    public Builder reasoningModels(Predicate<String> value) {
      reasoning = value;
      return this;
    }

    /**
     * What the limit of a reasoning model is larger by, since it counts what nobody sees. Default
     * 0: reasoning models are not limited, only their streams are.
     */
    public Builder reasoningTokens(int value) {
      require(value >= 0, "reasoningTokens " + value + " is negative");
      reasoningTokens = value;
      return this;
    }

    /** Says what a request asks for. Default {@link TaskClassifier}'s own rules. */
    public Builder classifier(TaskClassifier value) {
      classifier = value;
      return this;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** Chooses which calls are left alone: numbers from 0 to 1, by any thread. */
    public Builder random(DoubleSupplier value) {
      random = value;
      return this;
    }

    /** The clock of logging. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public CapLever build() {
      return new CapLever(this);
    }

    private CapSettings settings() {
      return new CapSettings(
          Map.copyOf(limits),
          retryFactor,
          adaptiveMargin,
          exploredShare,
          stopWhenDone,
          agents,
          concise,
          Map.copyOf(formats),
          Map.copyOf(stops),
          Map.copyOf(conditions),
          reasoningTokens,
          new ModelRules(Map.copyOf(fields), reasoning));
    }

    private static Set<Task> set(Task... tasks) {
      Set<Task> set = EnumSet.noneOf(Task.class);
      set.addAll(Arrays.asList(tasks));
      return set;
    }

    private static void require(boolean valid, String problem) {
      if (!valid) {
        throw new ChatException.InvalidSetting(problem);
      }
    }
  }
}
