package dev.askonce.cli.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.bench.data.InputException;
import dev.askonce.cli.demo.KnowledgeBase;
import dev.askonce.cli.demo.KnowledgeBase.Intent;
import dev.askonce.cli.demo.SupportDesk;
import dev.askonce.cli.demo.Traffic;
import dev.askonce.cli.demo.Traffic.Visit;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.replay.PromptCacheModel;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * A week of a team's calls to try the replay with: the demo's support desk and what such a desk has
 * around it, with the habits that an audit finds. The same for the same seed.
 */
public final class SampleLog {
  private static final Instant MONDAY = Instant.parse("2025-11-03T00:00:00Z");
  private static final int DAYS = 7;

  /** Most questions come in the hours around this one. */
  private static final double NOON_HOUR = 13;

  private static final double HOURS_SIGMA = 3.5;
  private static final double FAILED_SHARE = 0.01;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final long HANDBOOK_TOKENS = 2_400;
  private static final int EXAMPLES = 110;

  /** Words of an intent's id, by the team that it goes to. */
  private static final Map<String, List<String>> LABELS =
      new TreeMap<>(
          Map.of(
              "account", List.of("password", "login", "email", "user", "account", "two-factor"),
              "payments", List.of("pay", "refund", "invoice", "bill", "card", "tax", "plan"),
              "orders", List.of("order", "product", "stock", "discount", "gift"),
              "shipping", List.of("ship", "label", "track", "return", "deliver"),
              "readers", List.of("reader", "printer", "hardware", "device", "app")));

  private static final String TRIAGE =
      """
      Current time: %s
      You route support tickets of Harborline. Classify the ticket as exactly one of: account, \
      orders, payments, readers, shipping, other. Answer with the word alone.
      Examples:
      %s\
      """;
  private static final String FIELDS =
      """
      Extract the customer's name, the order number, the product and the amount from the e-mail.\
      """;
  private static final String EMAIL =
      """
      Hello, this is %s from %s. Order %d, the %s, has not arrived, though you charged $%d.%02d on \
      Monday. %s Thank you!\
      """;
  private static final String DIGEST =
      "Summarise the day's questions for the morning meeting in five sentences.";
  private static final String PLANNER =
      """
      You plan how the support team of Harborline works. Never promise a refund without approval.
      Think through staffing, opening hours and seasons step by step before you answer.
      Never promise a refund without approval.
      Always name the assumptions that the plan rests on.
      Always name the assumptions that the plan rests on.\
      """;
  private static final List<String> NAMES = List.of("Ada", "Ben", "Chloe", "Deniz", "Eli", "Fatou");
  private static final List<String> PRODUCTS =
      List.of("card reader", "receipt printer", "charging dock", "cash drawer");

  private final KnowledgeBase base = KnowledgeBase.load();
  private final TokenCounter tokens = new JtokkitCounter();
  private final PromptCacheModel promptCache = new PromptCacheModel();
  private final int requests;
  private final Random random;
  private final Traffic traffic;
  private final UnaryOperator<String> withHandbook;
  private final String examples;

  public SampleLog(int requests, long seed) {
    this.requests = requests;
    random = new Random(seed);
    traffic = new Traffic(base, requests, seed);
    withHandbook = DeskCalls.withHandbook(base, tokens, SupportDesk.MODEL, HANDBOOK_TOKENS);
    StringBuilder lines = new StringBuilder();
    for (Intent intent : base.intents().subList(0, EXAMPLES)) {
      lines.append(intent.phrasings().getFirst()).append(" -> ").append(label(intent)).append('\n');
    }
    examples = lines.toString();
  }

  /**
   * Writes the log; compressed with gzip where its name ends with {@code .gz}.
   *
   * @throws InputException if there is such a file already
   */
  public void write(Path file) throws IOException {
    InputException.require(!Files.exists(file), file + " is there already");
    OutputStream bytes = Files.newOutputStream(file);
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(
                file.toString().endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes,
                StandardCharsets.UTF_8))) {
      for (Instant at : times()) {
        out.write(next(at).toJson());
        out.write('\n');
      }
    }
  }

  private List<Instant> times() {
    return Arrays.stream(
            random.longs(requests, 0, DAYS).mapToObj(this::timeOfDay).toArray(Instant[]::new))
        .sorted()
        .toList();
  }

  private Instant timeOfDay(long day) {
    double hour = NOON_HOUR + HOURS_SIGMA * random.nextGaussian();
    long millis = (long) (Math.clamp(hour, 0, 23.99) * Duration.ofHours(1).toMillis());
    return MONDAY.plus(Duration.ofDays(day)).plusMillis(millis);
  }

  private LoggedCall next(Instant at) {
    Visit visit = traffic.next();
    double kind = random.nextDouble();
    LoggedCall call;
    if (kind < 0.45) {
      String system = withHandbook.apply(SupportDesk.systemPrompt(visit.tenant()));
      call = call(at, DeskCalls.ENDPOINT, visit, system, visit.text(), SupportDesk.answerTo(visit));
    } else if (kind < 0.7) {
      String system = TRIAGE.formatted(at, examples);
      call = call(at, "triage", visit, system, visit.text(), label(visit.intent()));
    } else if (kind < 0.82) {
      call = fields(at, visit);
    } else if (kind < 0.9) {
      call = digest(at, visit);
    } else {
      call = plan(at, visit);
    }
    return random.nextDouble() < FAILED_SHARE ? failed(call) : call;
  }

  private LoggedCall fields(Instant at, Visit visit) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    String product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
    int order = 10_000 + random.nextInt(90_000);
    int dollars = 20 + random.nextInt(400);
    int cents = random.nextInt(100);
    String email =
        EMAIL.formatted(name, visit.tenant().shop(), order, product, dollars, cents, visit.text());
    String answer =
        """
        Sure! Here are the details that I found in the e-mail:
        The customer's name is %s. The order number is %d. The product that was ordered is the %s.
        The amount that was charged is $%d.%02d. Let me know if you need anything else!\
        """
            .formatted(name, order, product, dollars, cents);
    return call(at, "order-fields", visit, FIELDS, email, answer);
  }

  private LoggedCall digest(Instant at, Visit visit) {
    StringBuilder day = new StringBuilder();
    StringBuilder summary = new StringBuilder();
    List<Intent> intents = base.intents();
    for (int i = 0; i < 12; i++) {
      Intent intent = intents.get(random.nextInt(intents.size()));
      day.append("Q: ").append(intent.phrasings().getFirst()).append("\nA: ");
      day.append(intent.answer()).append('\n');
      if (i < 5) {
        summary.append(intent.answer()).append(' ');
      }
    }
    return waitless(call(at, "digest", visit, DIGEST, day.toString(), summary.toString()));
  }

  private LoggedCall plan(Instant at, Visit visit) {
    List<Intent> intents = base.intents();
    StringBuilder plan = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      plan.append(i + 1).append(". ").append(intents.get(random.nextInt(intents.size())).answer());
      plan.append('\n');
    }
    String task =
        "Compare two ways to staff the desk of %s in week %d, analyse their trade-offs, and plan who"
                .formatted(visit.tenant().shop(), 1 + random.nextInt(52))
            + " answers questions such as: "
            + visit.text();
    return call(at, "planner", visit, PLANNER, task, plan.toString());
  }

  private LoggedCall call(
      Instant at, String endpoint, Visit visit, String system, String user, String answer) {
    ObjectNode json = DeskCalls.request(SupportDesk.MODEL, system, user);
    ChatRequest request = parse(json);
    long input = tokens.countInput(request);
    long cached = promptCache.cachedTokens(request, input, at);
    long output = tokens.count(SupportDesk.MODEL, answer);
    Usage usage = new Usage(input, cached, 0, output, 0);
    return DeskCalls.call(at, endpoint, visit.tenant().name(), json, answer, usage);
  }

  private static ChatRequest parse(ObjectNode json) {
    try {
      return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LoggedCall waitless(LoggedCall call) {
    return new LoggedCall(
        call.at(),
        call.endpoint(),
        call.tenant(),
        false,
        call.request(),
        call.status(),
        call.response(),
        call.latencyMillis());
  }

  private static LoggedCall failed(LoggedCall call) {
    ObjectNode error = call.request().objectNode();
    error.putObject("error").put("type", "rate_limit_error").put("code", "rate_limit_exceeded");
    return new LoggedCall(
        call.at(),
        call.endpoint(),
        call.tenant(),
        call.interactive(),
        call.request(),
        TOO_MANY_REQUESTS,
        error,
        OptionalLong.empty());
  }

  /** {@return the team that a question goes to} */
  private static String label(Intent intent) {
    String id = intent.id();
    for (String label : LABELS.keySet()) {
      if (LABELS.get(label).stream().anyMatch(id::contains)) {
        return label;
      }
    }
    return "other";
  }
}
