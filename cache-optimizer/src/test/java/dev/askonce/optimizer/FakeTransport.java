package dev.askonce.optimizer;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that says what a test tells it to, and counts. */
public final class FakeTransport implements ChatClient {
  /** What one call is answered with. */
  @FunctionalInterface
  public interface Script {
    /**
     * {@return the body}
     *
     * @param call number of the call, from 1
     */
    String answer(ChatRequest request, int call) throws IOException;
  }

  private final AtomicInteger calls = new AtomicInteger();
  private volatile Script script;
  private volatile int status = 200;

  public FakeTransport(Script script) {
    this.script = script;
  }

  public FakeTransport answering(Script next) {
    script = next;
    return this;
  }

  public FakeTransport status(int next) {
    status = next;
    return this;
  }

  public int calls() {
    return calls.get();
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    byte[] body = body(request);
    return new ChatReply(
        status, headers("application/json"), "application/json", body, Optional.empty());
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    String type = status == 200 ? "text/event-stream" : "application/json";
    ByteArrayInputStream in = new ByteArrayInputStream(body(request));
    return new ChatStream(status, headers(type), type, new EventReader(in), in, Optional.empty());
  }

  private byte[] body(ChatRequest request) throws IOException {
    return script.answer(request, calls.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, List<String>> headers(String contentType) {
    return Map.of("content-type", List.of(contentType));
  }
}
