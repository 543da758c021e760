package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.cli.eval.OutputReport.Lengths;
import dev.askonce.cli.eval.OutputReport.LeverResult;
import dev.askonce.cli.eval.OutputReport.Tokens;
import dev.askonce.cli.eval.OutputReport.Truncated;
import dev.askonce.openai.AskOnce;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cap.CapCounts;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares answers of one model, free and concise, and what the cap lever makes of them. */
public final class OutputEvaluation {
  private static final int[] LIMITS = {100, 200, 300, 500, 1_000, 2_000};

  /** Runs whose mean is reported: what the lever claims depends on which calls chance chooses. */
  private static final int RUNS = 4;

  /** Of the first run; any other does as well. */
  private static final long SEED = 20251101;

  /** Names and numbers: what a shorter answer should not lose. */
  private static final Pattern TERM =
      Pattern.compile("(?<![.!?:\\n*#-] )(?<!^)\\b\\p{Lu}[\\p{L}'-]{2,}|\\b\\d[\\d.,]*\\d|\\b\\d");

  private final String model;
  private final int runCalls;
  private final TokenCounter tokens = new JtokkitCounter();

  /**
   * @param model whose tokenizer counts
   * @param runCalls calls of a run, for the lever to learn in: passes over the instructions
   */
  public OutputEvaluation(String model, int runCalls) {
    this.model = model;
    this.runCalls = runCalls;
  }

  /**
   * @param labels rows and their tasks, or null
   * @throws dev.askonce.bench.data.InputException if a file cannot be used
   */
  public OutputReport evaluate(Path free, Path concise, Path labels) throws IOException {
    List<AnswerPair> pairs = AnswerPair.read(free, concise, tokens, model);
    List<AnswerPair> limited = filter(pairs, pair -> TaskEvaluation.LIMITED.contains(pair.task()));
    Map<String, Lengths> tasks = new LinkedHashMap<>();
    for (Task task : Task.values()) {
      List<AnswerPair> some = filter(pairs, pair -> pair.task() == task);
      if (!some.isEmpty()) {
        tasks.put(task.label(), lengths(some));
      }
    }
    return new OutputReport(
        pairs.size(),
        model,
        lengths(pairs),
        lengths(limited),
        tasks,
        lever(limited),
        labels == null ? null : TaskEvaluation.ofRows(labels, pairs));
  }

  private static List<AnswerPair> filter(List<AnswerPair> pairs, Predicate<AnswerPair> wanted) {
    return pairs.stream().filter(wanted).toList();
  }

  private Lengths lengths(List<AnswerPair> pairs) {
    Tokens free = tokens(pairs, AnswerPair::freeTokens);
    Tokens concise = tokens(pairs, AnswerPair::conciseTokens);
    Map<Integer, Truncated> truncated = new TreeMap<>();
    for (int limit : LIMITS) {
      truncated.put(
          limit,
          new Truncated(
              share(pairs, pair -> pair.freeTokens() > limit),
              share(pairs, pair -> pair.conciseTokens() > limit)));
    }
    double[] kept = new double[3];
    for (AnswerPair pair : pairs) {
      countTerms(pair, kept);
    }
    return new Lengths(
        pairs.size(),
        free,
        concise,
        free.mean() == 0 ? 0 : 1 - concise.mean() / free.mean(),
        share(pairs, pair -> pair.conciseTokens() < pair.freeTokens()),
        truncated,
        kept[0] == 0 ? 0 : kept[1] / kept[0],
        kept[0] == 0 ? 0 : kept[2] / kept[0]);
  }

  /** Adds the terms of the free answer, those in the concise one and those in a cut one. */
  private static void countTerms(AnswerPair pair, double[] sums) {
    int cutChars =
        (int)
            Math.min(
                pair.free().length(),
                (long) pair.free().length()
                    * pair.conciseTokens()
                    / Math.max(1, pair.freeTokens()));
    String cut = pair.free().substring(0, cutChars);
    Set<String> terms = new HashSet<>();
    for (Matcher matcher = TERM.matcher(pair.free()); matcher.find(); ) {
      terms.add(matcher.group());
    }
    for (String term : terms) {
      sums[0]++;
      sums[1] += pair.concise().contains(term) ? 1 : 0;
      sums[2] += cut.contains(term) ? 1 : 0;
    }
  }

  private static Tokens tokens(List<AnswerPair> pairs, ToIntFunction<AnswerPair> length) {
    int[] sorted = pairs.stream().mapToInt(length).sorted().toArray();
    if (sorted.length == 0) {
      return new Tokens(0, 0, 0, 0);
    }
    double mean = pairs.stream().mapToInt(length).average().orElseThrow();
    return new Tokens(mean, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
  }

  private static int at(int[] sorted, double quantile) {
    return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
  }

  private static double share(List<AnswerPair> pairs, Predicate<AnswerPair> which) {
    return pairs.isEmpty() ? 0 : filter(pairs, which).size() / (double) pairs.size();
  }

  private Map<String, LeverResult> lever(List<AnswerPair> pairs) throws IOException {
    Task[] tasks = TaskEvaluation.LIMITED.toArray(Task[]::new);
    CapLever.Builder conciseOnly = CapLever.builder().concise(tasks);
    for (Task task : tasks) {
      conciseOnly.unlimited(task);
    }
    Map<String, LeverResult> results = new LinkedHashMap<>();
    results.put("limits", lever(pairs, CapLever.builder()));
    results.put("concise", lever(pairs, conciseOnly));
    results.put("conciseAndLimits", lever(pairs, CapLever.builder().concise(tasks)));
    results.put(
        "conciseAndAdaptive", lever(pairs, CapLever.builder().concise(tasks).adaptive(1.5)));
    results.put("overHttp", overHttp(pairs, CapLever.builder().concise(tasks)));
    return results;
  }

  /** Runs the lever itself over the recorded answers. */
  private LeverResult lever(List<AnswerPair> pairs, CapLever.Builder settings) throws IOException {
    RecordedModel recorded = new RecordedModel(pairs);
    int passes = (runCalls + pairs.size() - 1) / Math.max(1, pairs.size());
    long freeTokens = 0;
    long claimed = 0;
    long truncated = 0;
    long passedOn = 0;
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(SEED + run);
      CapLever lever = settings.tokens(tokens).random(random::nextDouble).build();
      for (int pass = 0; pass < passes; pass++) {
        for (AnswerPair pair : pairs) {
          CallContext context = CallContext.to("https://api.openai.com/v1/chat/completions");
          lever.over(recorded).complete(request(pair), context);
          freeTokens += pair.freeTokens();
          claimed += claimed(context);
        }
      }
      truncated += lever.counts().truncated();
      passedOn += lever.counts().passedOn();
    }
    int calls = RUNS * passes * pairs.size();
    return result(calls, freeTokens, recorded, share(claimed, freeTokens), truncated, passedOn);
  }

  /** Runs it once, and with no call left alone, under the SDK and over the stand-in for the API. */
  private LeverResult overHttp(List<AnswerPair> pairs, CapLever.Builder settings) {
    RecordedModel recorded = new RecordedModel(pairs);
    CapLever lever = settings.tokens(tokens).exploredShare(0).build();
    Ledger ledger = new Ledger(Prices.november2025(), tokens, InstantSource.system());
    long freeTokens = 0;
    try (StandInServer server = StandInServer.start(recorded::say)) {
      OpenAIClient client =
          AskOnce.openAi(
              Pipeline.of(ledger, lever),
              "eval",
              options -> options.baseUrl(server.baseUrl()).apiKey("none").maxRetries(0));
      for (AnswerPair pair : pairs) {
        ChatCompletionCreateParams params =
            ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(pair.instruction())
                .build();
        client.chat().completions().create(params);
        freeTokens += pair.freeTokens();
      }
      client.close();
    }
    CapCounts counts = lever.counts();
    return result(pairs.size(), freeTokens, recorded, 0, counts.truncated(), counts.passedOn());
  }

  private static LeverResult result(
      int calls,
      long freeTokens,
      RecordedModel recorded,
      double claimedShare,
      long truncated,
      long passedOn) {
    return new LeverResult(
        calls,
        freeTokens,
        recorded.outputTokens(),
        share(freeTokens - recorded.outputTokens(), freeTokens),
        claimedShare,
        share(truncated, calls),
        share(passedOn, calls));
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : part / (double) whole;
  }

  private static long claimed(CallContext context) {
    long tokens = 0;
    for (Effects.Effect effect : context.effects().all()) {
      switch (effect) {
        case Effects.OutputSaved saved -> tokens += saved.tokens();
        case Effects.Overhead wasted -> tokens -= wasted.usage().output();
        default -> {
          // Input tokens are not what is counted here.
        }
      }
    }
    return tokens;
  }

  private ChatRequest request(AnswerPair pair) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("model", model);
    request.putArray("messages").addObject().put("role", "user").put("content", pair.instruction());
    return ChatRequest.parse(request.toString().getBytes(StandardCharsets.UTF_8));
  }
}
