package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.FakeTransport;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A lever over a provider that keeps what it was sent. */
final class CapBench {
  /** One for all tests, since its vocabulary takes a second to read. */
  static final TokenCounter TOKENS = new JtokkitCounter();

  final List<ChatRequest> sent = new ArrayList<>();
  final CapLever lever;
  final FakeTransport transport;

  CapBench(CapLever.Builder settings) {
    this(settings, (request, call) -> Wire.completion("Yes."));
  }

  CapBench(CapLever.Builder settings, FakeTransport.Script script) {
    lever = settings.build();
    transport =
        new FakeTransport(
            (request, call) -> {
              sent.add(request);
              return script.answer(request, call);
            });
  }

  /** {@return settings that leave no call alone} */
  static CapLever.Builder settings() {
    return CapLever.builder().exploredShare(0).tokens(TOKENS);
  }

  static CallContext context(Task task) {
    return CallContext.of("acme", Wire.URL).task(task);
  }

  ChatReply ask(ChatRequest request, CallContext context) throws IOException {
    return lever.over(transport).complete(request, context);
  }

  /** {@return what the provider was sent for a request} */
  JsonNode sent(ChatRequest request, CallContext context) throws IOException {
    ask(request, context);
    return sent.getLast().json();
  }
}
