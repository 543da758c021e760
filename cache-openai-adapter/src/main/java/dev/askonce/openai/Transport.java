package dev.askonce.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The end of the pipeline for one request of the SDK: sends it where it was to go. */
final class Transport implements ChatClient {
  /** Sends a request and waits for the head of its response. */
  @FunctionalInterface
  interface Sender {
    HttpResponse send(HttpRequest request);
  }

  private final HttpRequest original;
  private final Sender sender;
  private volatile boolean used;

  Transport(HttpRequest original, Sender sender) {
    this.original = original;
    this.sender = sender;
  }

  /** {@return whether anything was sent} If not, what the pipeline says is a lever's. */
  boolean used() {
    return used;
  }

  static HttpRequest withBody(HttpRequest request, byte[] body) {
    return request.toBuilder().body(new BytesBody(body, request.body().contentType())).build();
  }

  /** {@return the response of an asynchronous call} An interrupt cancels it. */
  static HttpResponse await(HttpClient client, HttpRequest request, RequestOptions options) {
    CompletableFuture<HttpResponse> future = client.executeAsync(request, options);
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      // A response that is there already would otherwise hold its connection.
      future.thenAccept(HttpResponse::close);
      future.cancel(true);
      throw new OpenAIIoException("Request cancelled", new InterruptedIOException());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new OpenAIIoException("Request failed", e.getCause());
    }
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    try (HttpResponse response = send(request)) {
      return new ChatReply(
          response.statusCode(),
          response.headers().asMap(),
          contentType(response),
          response.body().readAllBytes(),
          Optional.empty());
    }
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) {
    HttpResponse response = send(request);
    return new ChatStream(
        response.statusCode(),
        response.headers().asMap(),
        contentType(response),
        new EventReader(response.body()),
        response,
        Optional.empty());
  }

  private HttpResponse send(ChatRequest request) {
    used = true;
    return sender.send(withBody(original, request.body()));
  }

  /** {@return the content type, or the empty string} */
  static String contentType(HttpResponse response) {
    List<String> values = response.headers().values("content-type");
    return values.isEmpty() ? "" : values.get(0);
  }
}
