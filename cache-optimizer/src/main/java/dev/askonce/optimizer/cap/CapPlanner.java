package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.task.TaskClassifier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Decides what to do with a request. Thread-safe. */
final class CapPlanner {
  /** An adaptive limit is no smaller: a percentile of labels leaves no room for a longer one. */
  private static final int ADAPTIVE_TOKENS_MIN = 32;

  /**
   * Where more of an endpoint's answers are longer than the limit, it is the larger one at once: a
   * first try that is thrown away costs more than any limit saves.
   */
  private static final double TRUNCATED_SHARE_MAX = 0.05;

  private final CapSettings settings;
  private final TaskClassifier classifier;
  private final Lengths lengths;
  private final DoubleSupplier random;

  CapPlanner(
      CapSettings settings, TaskClassifier classifier, Lengths lengths, DoubleSupplier random) {
    this.settings = settings;
    this.classifier = classifier;
    this.lengths = lengths;
    this.random = random;
  }

  CapPlan plan(ChatRequest request, CallContext context) {
    if (request.choiceCount() != 1 || request.json().hasNonNull("audio")) {
      return CapPlan.pass(request);
    }
    Task task = classifier.classify(request, context).task();
    LengthProfile profile = lengths.of(context.endpoint(), task);
    // A form is kept where lengths are explored: a caller that parses answers needs it.
    CapPlan form = form(request, context, task);
    CapPlan shaped = limited(instructed(form, context, task), context, task, profile);
    if (!shaped.shortens(form)) {
      return form;
    }
    return settings.exploredShare() > 0 && random.getAsDouble() < settings.exploredShare()
        ? form.measured(profile, true)
        : shaped.measured(profile, false);
  }

  private CapPlan form(ChatRequest request, CallContext context, Task task) {
    if (request.hasTools()) {
      return CapPlan.pass(request);
    }
    JsonFormat format = settings.formats().get(context.endpoint());
    ChatRequest formed = format == null ? request : format.applyTo(request);
    String added = formed.messages() == request.messages() ? "" : Instructions.JSON;
    boolean json = JsonFormat.isAskedOf(formed);
    Optional<StopCondition> condition =
        Optional.ofNullable(settings.conditions().get(task)).filter(one -> !json || one.fitsJson());
    // A sequence may be part of JSON, such as a line break, and would leave it open.
    return CapPlan.form(request, json ? formed : withStops(formed, task), added, condition);
  }

  private ChatRequest withStops(ChatRequest request, Task task) {
    List<String> stops = settings.stops().getOrDefault(task, List.of());
    if (stops.isEmpty() || request.json().hasNonNull("stop") || !ModelRules.takesStop(request)) {
      return request;
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    stops.forEach(array::add);
    return request.with("stop", array);
  }

  private CapPlan instructed(CapPlan plan, CallContext context, Task task) {
    String text = instruction(plan.asked(), context, task);
    return text.isEmpty() ? plan : plan.instructed(text);
  }

  private String instruction(ChatRequest request, CallContext context, Task task) {
    if (!ModelRules.takesInstructions(request)) {
      return "";
    }
    if (request.hasTools()) {
      return settings.agents() ? Instructions.STOP_WHEN_DONE : "";
    }
    // Along a conversation the words stay the same, since a provider's prompt cache lives on that.
    boolean opened = context.task().isEmpty() && request.userMessageCount() > 1;
    return settings.instruction(opened ? classifier.classifyOpening(request).task() : task);
  }

  private CapPlan limited(CapPlan plan, CallContext context, Task task, LengthProfile profile) {
    OptionalInt limit = limit(task, profile);
    // A tool's arguments that are cut off are worth nothing.
    if (limit.isEmpty() || plan.asked().hasTools()) {
      return plan;
    }
    CapPlan visible = plan.visible(larger(limit.getAsInt()));
    ChatRequest sent = plan.sent();
    boolean reasons = settings.models().reasons(sent);
    if (reasons && settings.reasoningTokens() == 0) {
      return visible;
    }
    long first = limit.getAsInt() + (reasons ? settings.reasoningTokens() : 0);
    long second = larger(first);
    // What was streamed cannot be taken back and asked anew, so a stream has the larger limit.
    long cap = sent.stream() ? second : first;
    long own = sent.outputTokensMax().orElse(Long.MAX_VALUE);
    if (own <= cap) {
      return visible;
    }
    String field = settings.models().field(sent, context.url()).field();
    Optional<Supplier<ChatRequest>> retry =
        sent.stream() || second == first
            ? Optional.empty()
            : Optional.of(() -> sent.with(field, number(Math.min(own, second))));
    return visible.capped(sent.with(field, number(cap)), retry);
  }

  private OptionalInt limit(Task task, LengthProfile profile) {
    Integer limit = settings.limits().get(task);
    if (limit == null) {
      return OptionalInt.empty();
    }
    if (settings.retryFactor() == 1) {
      return OptionalInt.of(limit);
    }
    OptionalInt observed = profile.controlledQuantile();
    if (settings.adaptiveMargin().isPresent() && observed.isPresent()) {
      double adapted = observed.getAsInt() * settings.adaptiveMargin().getAsDouble();
      long most = larger(limit);
      long least = Math.min(ADAPTIVE_TOKENS_MIN, most);
      return OptionalInt.of((int) Math.clamp((long) Math.ceil(adapted), least, most));
    }
    boolean tooSmall = profile.shareOver(limit) > TRUNCATED_SHARE_MAX;
    return OptionalInt.of(tooSmall ? (int) Math.min(larger(limit), Integer.MAX_VALUE) : limit);
  }

  private long larger(long limit) {
    return (long) Math.ceil(limit * settings.retryFactor());
  }

  private static JsonNode number(long value) {
    return JsonNodeFactory.instance.numberNode(value);
  }
}
