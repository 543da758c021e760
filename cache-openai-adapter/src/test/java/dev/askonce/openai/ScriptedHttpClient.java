package dev.askonce.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.WebSocketClient;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/** Answers with what a test says and keeps the requests; knows no network. */
final class ScriptedHttpClient implements HttpClient, WebSocketClient {
  final List<HttpRequest> requests = new CopyOnWriteArrayList<>();
  volatile boolean closed;
  private final IntFunction<String> script;

  private record Answer(int statusCode, Headers headers, InputStream body) implements HttpResponse {
    @Override
    public void close() {}
  }

  /**
   * @param script the JSON that answers a call, by its number from 1
   */
  ScriptedHttpClient(IntFunction<String> script) {
    this.script = script;
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    requests.add(request);
    return new Answer(
        200,
        Headers.builder().put("content-type", "application/json").build(),
        new ByteArrayInputStream(script.apply(requests.size()).getBytes()));
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return CompletableFuture.completedFuture(execute(request, options));
  }

  @Override
  public CompletableFuture<Connection> connectWebSocket(
      HttpRequest request, RequestOptions options, int queued, Listener listener) {
    requests.add(request);
    return new CompletableFuture<>();
  }

  @Override
  public void close() {
    closed = true;
  }
}
