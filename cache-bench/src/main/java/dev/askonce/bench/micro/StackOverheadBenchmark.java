package dev.askonce.bench.micro;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.askonce.bench.data.Folders;
import dev.askonce.engine.SemanticCache;
import dev.askonce.openai.AskOnceHttpClient;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.compress.CompressLever;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.RuleRouter;
import dev.askonce.optimizer.route.Tiers;
import dev.askonce.optimizer.send.FallbackLever;
import dev.askonce.optimizer.task.TaskClassifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the whole stack add to a call: ledger, cache, router by rules, compression without
 * loss, limits, fallback? Nothing is embedded and no model is asked: both answer at once. A miss
 * parses the request, looks it up, routes it, and stores the answer; a hit is an exact repeat. Each
 * as the pipeline alone, and through the SDK's client, beside the same client without us. The cache
 * begins with 5,000 entries in one scope, so their search is a graph's, and others beside; the
 * system prompt has so many characters.
 *
 * <pre>./askonce bench jmh StackOverheadBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StackOverheadBenchmark {
  private static final int ENTRIES = 5_000;
  private static final int REPEATED = 1_000;
  private static final int WARM = 20_000;
  private static final int WARM_TENANTS = 40;
  private static final String ANSWER = "You may send it back within thirty days. ".repeat(20);

  @Param({"0", "8000"})
  int systemChars;

  private Folders.Work work;
  private SemanticCache cache;
  private CacheLever lever;
  private ChatClient stack;
  private ChatClient provider;
  private OpenAIClient client;
  private OpenAIClient plainClient;
  private CallContext context;
  private String system;
  private int fresh;
  private int turn;

  @Setup
  public void open() throws IOException, InterruptedException {
    work = Folders.work(Optional.empty(), "askonce-bench");
    cache =
        SemanticCache.at(work.path().resolve("store"))
            .embedder(new NumberEmbedder())
            .entriesMax(200_000)
            .open();
    lever = CacheLever.builder(cache).build();
    TaskClassifier tasks = new TaskClassifier();
    RuleRouter rules = RuleRouter.of((request, call) -> tasks.classify(request).task());
    RouteLever route = RouteLever.builder(rules, Tiers.of("gpt-4o-mini", "gpt-4o")).build();
    Pipeline pipeline =
        Pipeline.of(
            new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system()),
            lever,
            route,
            CompressLever.builder().build(),
            CapLever.builder().classifier(tasks).build(),
            FallbackLever.builder().build());
    InstantProvider instant = new InstantProvider(ANSWER);
    provider = instant;
    stack = pipeline.over(provider);
    context = CallContext.of("bench", InstantProvider.BASE_URL + "/chat/completions");
    system = "Answer as the handbook says. ".repeat(1_000).substring(0, systemChars);
    client = client(AskOnceHttpClient.builder(instant, pipeline).tenant("bench").build());
    plainClient = client(instant);
    for (int i = 0; i < ENTRIES; i++) {
      stack.complete(request(fresh++), context.fresh());
    }
    for (int i = 0; i < WARM; i++) {
      // At the pace below, code is not compiled for a minute: tenants whom nobody asks for warm it.
      CallContext warm = context.fresh().tenant("warm-" + i % WARM_TENANTS);
      stack.complete(request(fresh++), warm);
    }
    for (int i = 0; i < REPEATED; i++) {
      client.chat().completions().create(params(i));
    }
    BenchCache.settle();
  }

  private static OpenAIClient client(HttpClient http) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(http)
            .baseUrl(InstantProvider.BASE_URL)
            .apiKey("none")
            .build());
  }

  private static String question(int number) {
    return "Where do I find the delivery address of the order with the number " + number;
  }

  private ChatRequest request(int number) {
    String json =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"system\",\"content\":\""
            + system
            + "\"},{\"role\":\"user\",\"content\":\""
            + question(number)
            + "\"}]}";
    return ChatRequest.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private ChatCompletionCreateParams params(int number) {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o")
        .addSystemMessage(system)
        .addUserMessage(question(number))
        .build();
  }

  private void check(long hits, boolean expected) {
    BenchCache.check(lever.counts().hits() - hits == (expected ? 1 : 0), "not what is measured");
  }

  /**
   * Has two milliseconds pass before each call: misses come with the pace of traffic, and what they
   * stored is linked meanwhile, by another thread.
   */
  @State(Scope.Thread)
  public static class Paced {
    private static final long PAUSE_NANOS = 2_000_000;

    @Setup(Level.Invocation)
    public void pause() {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Benchmark
  public ChatReply miss_providerAlone(Paced paced) throws IOException {
    return provider.complete(request(fresh++), context.fresh());
  }

  @Benchmark
  public ChatReply miss_stack(Paced paced) throws IOException {
    long hits = lever.counts().hits();
    ChatReply reply = stack.complete(request(fresh++), context.fresh());
    check(hits, false);
    return reply;
  }

  @Benchmark
  public ChatReply exactHit_stack() throws IOException {
    ChatReply reply = stack.complete(request(turn++ % ENTRIES), context.fresh());
    BenchCache.check(reply.avoided().isPresent(), "no hit");
    return reply;
  }

  @Benchmark
  public ChatCompletion miss_sdkAlone(Paced paced) {
    return plainClient.chat().completions().create(params(fresh++));
  }

  @Benchmark
  public ChatCompletion miss_sdk(Paced paced) {
    long hits = lever.counts().hits();
    ChatCompletion completion = client.chat().completions().create(params(fresh++));
    check(hits, false);
    return completion;
  }

  @Benchmark
  public ChatCompletion exactHit_sdk() {
    long hits = lever.counts().hits();
    ChatCompletion completion = client.chat().completions().create(params(turn++ % REPEATED));
    check(hits, true);
    return completion;
  }

  @TearDown
  public void close() throws IOException {
    cache.close();
    work.close();
  }
}
