package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call of the routing lever's own beside the caller's: bounded in time and number, booked as
 * overhead, and never an exception. Thread-safe.
 */
final class SideCall {
  private static final int OK = 200;

  /** Calls that are under way, those among them that nobody waits for any more. */
  private static final int CALLS_MAX = 256;

  private final Duration deadline;
  private final TokenCounter tokens;
  private final Semaphore places = new Semaphore(CALLS_MAX);

  SideCall(Duration deadline, TokenCounter tokens) {
    this.deadline = deadline;
    this.tokens = tokens;
  }

  /** {@return what the model says, or empty where it failed, was late, or there is no place} */
  Optional<Completion> ask(ChatClient client, ChatRequest request, CallContext context) {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    // Somebody waits for it, even where nobody waits for the answer; and what the caller said of
    // its task is not true of it.
    CallContext plain = CallContext.to(context.url()).endpoint(context.endpoint()).cached(false);
    CallContext own = context.tenant().map(plain::tenant).orElse(plain);
    FutureTask<ChatReply> call = new FutureTask<>(() -> client.complete(request, own));
    Thread.ofVirtual()
        .name("askonce-side-call")
        .start(
            () -> {
              try {
                call.run();
              } finally {
                places.release();
              }
            });
    try {
      ChatReply reply = call.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      if (reply.status() != OK) {
        return Optional.empty();
      }
      Completion completion = reply.completion();
      Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
      book(request, own, context, usage);
      return completion.broken() ? Optional.empty() : Optional.of(completion);
    } catch (TimeoutException e) {
      call.cancel(true);
      // The provider bills what nobody waits for.
      book(request, own, context, Usage.of(tokens.countInput(request), 0));
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void book(ChatRequest request, CallContext own, CallContext context, Usage usage) {
    context.effects().add(new Overhead(RouteLever.NAME, request.model(), usage));
    for (Effect effect : own.effects().all()) {
      if (effect instanceof Overhead) {
        context.effects().add(effect);
      }
    }
  }
}
