package dev.askonce.optimizer.send;

import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A provider that answers one call after the other as a test says, and fails on one too many. */
final class ScriptedProvider implements ChatClient {
  /** What one call comes to. */
  record Step(
      int status,
      Map<String, List<String>> headers,
      InputStream body,
      Exception exception,
      Runnable before) {
    static Step of(int status, String body) {
      return new Step(
          status,
          Map.of(),
          new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
          null,
          () -> {});
    }

    static Step ok(String content) {
      return of(200, Wire.completion(content));
    }

    static Step error(int status) {
      return of(status, "{\"error\":{\"code\":\"c" + status + "\"}}");
    }

    static Step stream(String events) {
      return of(200, events).header("content-type", "text/event-stream");
    }

    /** {@return a stream that breaks after these events} */
    static Step brokenStream(String events) {
      InputStream failing =
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw new IOException("reset");
            }
          };
      Step whole = stream(events);
      return new Step(
          200, whole.headers, new SequenceInputStream(whole.body, failing), null, () -> {});
    }

    static Step broken(Exception e) {
      return new Step(0, Map.of(), null, e, () -> {});
    }

    Step header(String name, String value) {
      Map<String, List<String>> more = new TreeMap<>(headers);
      more.put(name, List.of(value));
      return new Step(status, more, body, exception, before);
    }

    Step takes(Runnable action) {
      return new Step(status, headers, body, exception, action);
    }
  }

  private final Deque<Step> steps = new ArrayDeque<>();
  private final List<ChatRequest> requests = new ArrayList<>();
  private final List<ChatReply> replies = new ArrayList<>();
  private int closed;

  ScriptedProvider then(Step step) {
    steps.add(step);
    return this;
  }

  int calls() {
    return requests.size();
  }

  List<ChatRequest> requests() {
    return requests;
  }

  List<ChatReply> replies() {
    return replies;
  }

  /** {@return how many streams were closed} */
  int closed() {
    return closed;
  }

  private Step step(ChatRequest request) throws IOException {
    requests.add(request);
    if (steps.isEmpty()) {
      throw new AssertionError("call " + requests.size() + " is one too many");
    }
    Step step = steps.remove();
    step.before().run();
    if (step.exception() instanceof IOException e) {
      throw e;
    }
    if (step.exception() instanceof RuntimeException e) {
      throw e;
    }
    return step;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    Step step = step(request);
    ChatReply reply =
        new ChatReply(
            step.status(),
            step.headers(),
            "application/json",
            step.body().readAllBytes(),
            Optional.empty());
    replies.add(reply);
    return reply;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    Step step = step(request);
    String type = step.headers().getOrDefault("content-type", List.of("application/json")).get(0);
    return new ChatStream(
        step.status(),
        step.headers(),
        type,
        new EventReader(step.body()),
        () -> closed++,
        Optional.empty());
  }
}
