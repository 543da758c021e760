package dev.askonce.optimizer.send;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The transport to one provider of the chat-completions API, over the JDK's HTTP client. It sends
 * once: retries are {@link FallbackLever}'s. Thread-safe.
 */
public final class HttpChatClient implements ChatClient {
  private final URI url;
  private final Map<String, Supplier<String>> headers;
  private final Duration timeout;
  private final HttpClient http;

  private HttpChatClient(Builder builder) {
    url = builder.url;
    headers = new LinkedHashMap<>(builder.headers);
    timeout = builder.timeout;
    http = builder.http;
  }

  /**
   * {@return a builder of the transport to {@code url}}
   *
   * @param url of the endpoint itself, such as {@code https://api.openai.com/v1/chat/completions}
   */
  public static Builder to(URI url) {
    return new Builder(url);
  }

  /** {@return where this leads, as the URL of {@link CallContext#of}} */
  public String url() {
    return url.toString();
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
    HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
    return new ChatReply(
        response.statusCode(),
        response.headers().map(),
        contentType(response),
        response.body(),
        Optional.empty());
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    return new ChatStream(
        response.statusCode(),
        response.headers().map(),
        contentType(response),
        new EventReader(response.body()),
        response.body(),
        Optional.empty());
  }

  private <T> HttpResponse<T> send(ChatRequest request, BodyHandler<T> handler) throws IOException {
    HttpRequest.Builder outgoing =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
    headers.forEach((name, value) -> outgoing.header(name, value.get()));
    try {
      return http.send(outgoing.build(), handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the provider answered");
    }
  }

  private static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("content-type").orElse("");
  }

  /** The settings of a transport. Not thread-safe. */
  public static final class Builder {
    private final URI url;
    private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
    private Duration timeout = Duration.ofMinutes(2);
    private HttpClient http;

    private Builder(URI url) {
      this.url = url;
    }

    /** Sends a header, read anew for each request, so that a key may change. */
    public Builder header(String name, Supplier<String> value) {
      headers.put(name, value);
      return this;
    }

    /** Sends {@code authorization: Bearer …} with this key. */
    public Builder bearer(Supplier<String> key) {
      return header("authorization", () -> "Bearer " + key.get());
    }

    /** The longest wait for the head of a response. Default two minutes. */
    public Builder timeout(Duration value) {
      timeout = value;
      return this;
    }

    /** The client below; by default one of its own, which follows no redirects. */
    public Builder http(HttpClient value) {
      http = value;
      return this;
    }

    public HttpChatClient build() {
      if (http == null) {
        http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
      }
      return new HttpChatClient(this);
    }
  }
}
