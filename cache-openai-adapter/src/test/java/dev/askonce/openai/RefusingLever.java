package dev.askonce.openai;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Lever;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** While it is on, refuses every call without asking anyone, as one over its budget is refused. */
final class RefusingLever implements Lever {
  private static final byte[] ERROR =
      ("{\"error\":{\"message\":\"over budget\",\"type\":\"insufficient_quota\","
              + "\"param\":null,\"code\":\"insufficient_quota\"}}")
          .getBytes(StandardCharsets.UTF_8);

  private final Map<String, List<String>> headers;
  private volatile boolean on = true;
  private volatile int refused;

  RefusingLever(Map<String, List<String>> headers) {
    this.headers = headers;
  }

  RefusingLever on(boolean value) {
    on = value;
    return this;
  }

  /** {@return calls refused; right if they were made one after the other} */
  int refused() {
    return refused;
  }

  @Override
  public String name() {
    return "refusing";
  }

  @Override
  public Stage stage() {
    return Stage.ROUTE;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new ChatClient() {
      @Override
      public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
        if (!on) {
          return next.complete(request, context);
        }
        refused++;
        return new ChatReply(429, headers, "application/json", ERROR, Optional.empty());
      }

      @Override
      public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
        if (!on) {
          return next.stream(request, context);
        }
        refused++;
        EventReader events = EventReader.over(ERROR);
        return new ChatStream(429, headers, "application/json", events, events, Optional.empty());
      }
    };
  }
}
