package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.Avoided;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Effects;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a batch where nobody waits for the answer, and asks the next client elsewhere. */
final class BatchedClient implements ChatClient {
  private static final String JSON = "application/json";

  private final BatchLever lever;
  private final ChatClient next;

  BatchedClient(BatchLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    Optional<Waiting> waiting = join(request, context);
    if (waiting.isEmpty()) {
      return next.complete(request, context);
    }
    try {
      ItemResult result = await(waiting.get(), context);
      if (result == null) {
        return next.complete(request, context);
      }
      if (result.isAnswer()) {
        return answer(waiting.get(), result, context);
      }
      // What another try cannot mend, such as a faulty request, is the answer.
      return result.status() > 0 && !result.isRetryable()
          ? reply(result, Optional.empty())
          : late(request, context);
    } catch (TimeoutException e) {
      return late(request, context);
    }
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    return next.stream(request, context);
  }

  private Optional<Waiting> join(ChatRequest request, CallContext context) {
    try {
      boolean takes = BatchLever.mayWait(request, context) && lever.api().serves(context.url());
      return takes ? lever.queue().join(request, context) : Optional.empty();
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
      return Optional.empty();
    }
  }

  /** {@return what became of the request, or null if it was not sent} */
  private ItemResult await(Waiting waiting, CallContext context)
      throws IOException, TimeoutException {
    try {
      return waiting.result.get(waitNanos(context), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a batch was under way");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } finally {
      lever.queue().leave(waiting);
    }
  }

  private long waitNanos(CallContext context) {
    Duration own = context.waitMax().orElse(lever.deadline());
    return (own.compareTo(lever.deadline()) < 0 ? own : lever.deadline()).toNanos();
  }

  /** The first who takes an answer is billed for it; of equal calls, the others are not. */
  private ChatReply answer(Waiting waiting, ItemResult result, CallContext context)
      throws IOException {
    if (waiting.billed.compareAndSet(false, true)) {
      lever.batched.increment();
      context.effects().add(new Effects.Batched(BatchLever.NAME));
      return reply(result, Optional.empty());
    }
    lever.joined.increment();
    Optional<Usage> usage = Usage.read(result.body().get("usage"));
    return reply(
        result,
        Optional.of(
            new Avoided(
                BatchLever.NAME,
                result.body().path("model").asText(""),
                usage.orElse(Usage.NONE),
                usage.isEmpty())));
  }

  private static ChatReply reply(ItemResult result, Optional<Avoided> avoided) throws IOException {
    return new ChatReply(
        result.status(),
        Map.of("content-type", List.of(JSON)),
        JSON,
        Json.MAPPER.writeValueAsBytes(result.body()),
        avoided);
  }

  private ChatReply late(ChatRequest request, CallContext context) throws IOException {
    lever.lateCalls.increment();
    if (lever.late() == BatchLever.Late.FAIL) {
      throw new IOException("no answer from a batch in time");
    }
    return next.complete(request, context);
  }
}
