package dev.askonce.optimizer.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads logged calls, in any order, and says where money need not be spent. Not thread-safe.
 *
 * <p>Tokens of a part of a prompt are its share of the prompt's characters, which is near enough to
 * find it and is not billed.
 */
public final class Audit {
  /** Longer system prompts are worth a look, as the article has it. */
  static final int SYSTEM_TOKENS_MAX = 2_000;

  /** How much dearer than the budget model is expensive. */
  private static final int EXPENSIVE = 5;

  /** Answers as short as a label. */
  private static final int LABEL_TOKENS_MAX = 8;

  private static final int OK = 200;
  private static final int ENDPOINTS_MAX = 1_000;
  private static final int MODELS_MAX = 100;
  private static final double MILLIS_OF_DAY = Duration.ofDays(1).toMillis();

  /** Where calls come from, and whom they ask. */
  record Place(String endpoint, String model) {
    static final Place OTHER = new Place("other", "other");
  }

  private final Prices prices;
  private final String budgetModel;
  private final Function<ChatRequest, Task> tasks;
  private final Repeats repeats = new Repeats();
  private final PromptGroups groups = new PromptGroups();
  private final Map<Place, EndpointUse> uses = new LinkedHashMap<>();
  private final Map<String, Long> unpriced = new TreeMap<>();
  private long requests;
  private long malformed;
  private long passedThrough;
  private long nanoDollars;
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;

  /**
   * @param budgetModel the model that simple work could go to
   * @param tasks says what kind of work a request asks for
   */
  public Audit(Prices prices, String budgetModel, Function<ChatRequest, Task> tasks) {
    this.prices = prices;
    this.budgetModel = budgetModel;
    this.tasks = tasks;
  }

  /** Notes a line of the log that is no call. */
  public void malformed() {
    malformed++;
  }

  /**
   * Looks at a call. One without an answer or without usage costs nothing, and is only counted, as
   * is one of another endpoint than chat completions.
   */
  public void add(LoggedCall call) {
    if (call.api().isPresent()) {
      passedThrough++;
      return;
    }
    requests++;
    first = call.at().isBefore(first) ? call.at() : first;
    last = call.at().isAfter(last) ? call.at() : last;
    Optional<Usage> usage = call.usage();
    if (call.status() != OK || usage.isEmpty()) {
      return;
    }
    Optional<Price> price = call.price(prices);
    if (price.isEmpty()) {
      String name = call.serviceTier().label(call.model());
      boolean room = unpriced.size() < MODELS_MAX || unpriced.containsKey(name);
      unpriced.merge(room ? name : "others", 1L, Long::sum);
      return;
    }
    ChatRequest request = request(call);
    nanoDollars += price.get().nanoDollars(usage.get());
    lookAtPrompt(call, Prompt.of(request), usage.get(), price.get());
    lookAtUse(
        call,
        request,
        usage.get(),
        price.get(),
        prices.of("", budgetModel, call.at(), call.serviceTier()));
  }

  private static ChatRequest request(LoggedCall call) {
    try {
      return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(call.request()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lookAtPrompt(LoggedCall call, Prompt prompt, Usage usage, Price price) {
    PromptGroup group = groups.of(call.endpoint(), call.model(), prompt.opening(), call.at());
    group.add(prompt.opening(), call.at());
    long inputNanos = price.nanoDollars(input(usage));
    double system = prompt.share(prompt.systemChars());
    group.usage = group.usage.plus(usage);
    group.nanoDollars += price.nanoDollars(usage);
    group.systemTokens += system * usage.input();
    group.systemNanoDollars += system * inputNanos;
    group.tokensPerChar += (double) usage.input() / prompt.chars();
    Repeats.Found repeated =
        repeats.in(prompt.system().isEmpty() ? prompt.last() : prompt.system());
    if (repeated.sentences() > 0) {
      double share = prompt.share(repeated.chars());
      group.repeatedCalls++;
      group.repeatedSentences = Math.max(group.repeatedSentences, repeated.sentences());
      group.repeatedTokens += share * usage.input();
      group.repeatedNanoDollars += share * inputNanos;
    }
  }

  private static Usage input(Usage usage) {
    return new Usage(usage.input(), usage.cachedInput(), usage.cacheWrite(), 0, 0);
  }

  private void lookAtUse(
      LoggedCall call, ChatRequest request, Usage usage, Price price, Optional<Price> budget) {
    EndpointUse use = use(new Place(call.endpoint(), call.model()));
    Task task = tasks.apply(request);
    long all = price.nanoDollars(usage);
    long output = all - price.nanoDollars(input(usage));
    long cheap = budget.map(known -> known.nanoDollars(usage)).orElse(all);
    boolean label = task == Task.CLASSIFICATION || isLabel(task, request, usage);
    if (label && all > EXPENSIVE * cheap) {
      use.labels.add(all);
      use.labelsOnBudgetNanoDollars += cheap;
    }
    if (task == Task.EXTRACTION && !hasFormat(request)) {
      use.unformatted.add(output);
    }
    boolean free = task == Task.CREATIVE || task == Task.CODE;
    if (request.outputTokensMax().isEmpty() && !free) {
      use.unlimited.add(output);
      use.unlimitedLengths.add(usage.output());
    }
  }

  /** {@return whether an answer is as short as a label, whatever the request says} */
  private static boolean isLabel(Task task, ChatRequest request, Usage usage) {
    return task == Task.OTHER && !request.hasTools() && usage.output() <= LABEL_TOKENS_MAX;
  }

  private static boolean hasFormat(ChatRequest request) {
    String type = request.json().path("response_format").path("type").asText("text");
    return !type.equals("text") || request.hasTools();
  }

  private EndpointUse use(Place place) {
    boolean room = uses.size() < ENDPOINTS_MAX || uses.containsKey(place);
    return uses.computeIfAbsent(room ? place : Place.OTHER, key -> new EndpointUse());
  }

  /**
   * {@return what was found until now}
   *
   * @param hideTexts whether even the first characters of prompts are left out
   */
  public AuditReport report(boolean hideTexts) {
    double days = days();
    Findings findings = new Findings(days, hideTexts, prices, last);
    findings.of(groups.all());
    uses.forEach(findings::of);
    return new AuditReport(
        requests,
        days,
        nanoDollars / Findings.NANOS / days,
        findings.inOrder(),
        malformed,
        passedThrough,
        new TreeMap<>(unpriced));
  }

  private double days() {
    double millis = first.isAfter(last) ? 0 : Duration.between(first, last).toMillis();
    return millis == 0 ? 1 : millis / MILLIS_OF_DAY;
  }
}
