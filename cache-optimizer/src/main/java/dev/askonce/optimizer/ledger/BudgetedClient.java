package dev.askonce.optimizer.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.ledger.BudgetLever.Answer;
import dev.askonce.optimizer.ledger.BudgetLever.Reservation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Asks the budgets, then the next client, and says what it cost. */
final class BudgetedClient implements ChatClient {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String JSON = "application/json";
  private static final String QUOTA = "insufficient_quota";

  /** Providers' clients try again after this status unless they are told not to. */
  private static final Map<String, List<String>> NO_RETRY =
      Map.of("content-type", List.of(JSON), "x-should-retry", List.of("false"));

  private final BudgetLever lever;
  private final ChatClient next;

  BudgetedClient(BudgetLever lever, ChatClient next) {
    this.lever = lever;
    this.next = next;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    Answer answer = reserve(request, context);
    if (answer.refusedBy().isPresent()) {
      byte[] body = refusal(answer.refusedBy().get());
      return new ChatReply(TOO_MANY_REQUESTS, NO_RETRY, JSON, body, Optional.empty());
    }
    Optional<Completion> completion = Optional.empty();
    try {
      ChatReply reply = next.complete(request, context);
      if (reply.status() == 200 && reply.avoided().isEmpty()) {
        completion = Optional.of(reply.completion());
      }
      return reply;
    } finally {
      settle(answer, request, context, completion);
    }
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    Answer answer = reserve(request, context);
    if (answer.refusedBy().isPresent()) {
      EventReader body = EventReader.over(refusal(answer.refusedBy().get()));
      return new ChatStream(TOO_MANY_REQUESTS, NO_RETRY, JSON, body, body, Optional.empty());
    }
    boolean handedOver = false;
    try {
      ChatStream stream = next.stream(request, context);
      if (stream.isEventStream() && stream.avoided().isEmpty()) {
        stream.onEnd(0, end -> settle(answer, request, context, Optional.of(end.completion())));
        handedOver = true;
      }
      return stream;
    } finally {
      if (!handedOver) {
        settle(answer, request, context, Optional.empty());
      }
    }
  }

  private Answer reserve(ChatRequest request, CallContext context) {
    try {
      return lever.reserve(request, context);
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
      return new Answer(Optional.empty(), Optional.empty());
    }
  }

  private void settle(
      Answer answer, ChatRequest request, CallContext context, Optional<Completion> completion) {
    try {
      if (answer.reservation().isPresent()) {
        Reservation reservation = answer.reservation().get();
        if (completion.isPresent()) {
          lever.answered(reservation, request, context, completion.get());
        } else {
          lever.failed(reservation, request, context);
        }
      }
    } catch (Throwable e) {
      lever.failOpen().swallow(e);
    }
  }

  private static byte[] refusal(BudgetStatus status) {
    Budget budget = status.budget();
    String message =
        "The budget of this %s is spent; calls are refused until %s UTC."
            .formatted(
                budget.period().name().toLowerCase(Locale.ROOT),
                budget.period().next(status.from()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", QUOTA)
        .putNull("param")
        .put("code", QUOTA);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
