package dev.askonce.bench.micro;

import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects.InputSaved;
import dev.askonce.optimizer.chat.Effects.OutputSaved;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does the ledger add to a call: to a hit, to a miss, and to one that four levers changed? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LedgerBenchmark {
  private static final String ANSWER =
      "{\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"message\":{\"content\":\"A\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1000,"
          + "\"completion_tokens\":200,\"prompt_tokens_details\":{\"cached_tokens\":512}}}";

  private final ChatRequest request =
      ChatRequest.parse("{\"model\":\"gpt-4o\",\"messages\":[]}".getBytes(StandardCharsets.UTF_8));
  private final CallContext plain = CallContext.of("acme", "https://api.openai.com/v1");
  private final CallContext changed = plain.fresh();
  private final Ledger ledger =
      new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());
  private final ChatClient hit =
      ledger.over(
          new Fixed(
              reply(Optional.of(new Avoided("cache", "gpt-4o", Usage.of(1_000, 200), false)))));
  private final ChatClient miss = ledger.over(new Fixed(reply(Optional.empty())));

  private static ChatReply reply(Optional<Avoided> avoided) {
    byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
    return new ChatReply(200, Map.of(), "application/json", body, avoided);
  }

  /** Answers at once, and always the same. */
  private record Fixed(ChatReply reply) implements ChatClient {
    @Override
    public ChatReply complete(ChatRequest request, CallContext context) {
      return reply;
    }

    @Override
    public ChatStream stream(ChatRequest request, CallContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Setup
  public void note() {
    changed.effects().add(new Overhead("route", "gpt-4o-mini", Usage.of(150, 1)));
    changed.effects().add(new Routed("route", "gpt-4o", "gpt-4o-mini"));
    changed.effects().add(new InputSaved("compress", 700));
    changed.effects().add(new OutputSaved("cap", 150));
  }

  @Benchmark
  public ChatReply hit() throws IOException {
    return hit.complete(request, plain);
  }

  @Benchmark
  public ChatReply miss() throws IOException {
    return miss.complete(request, plain);
  }

  @Benchmark
  public ChatReply missThatLeversChanged() throws IOException {
    return miss.complete(request, changed);
  }

  @TearDown
  public void check() {
    BenchCache.check(ledger.troubleCount() == 0, "calls were not booked");
    BenchCache.check(ledger.snapshot().total().baselineNanoDollars() > 0, "nothing was booked");
  }
}
