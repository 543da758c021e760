package dev.askonce.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes down what passes between the SDK and the client below. */
record RecordingHttpClient(HttpClient delegate, List<Exchange> exchanges) implements HttpClient {
  record Exchange(
      String method,
      String path,
      byte[] request,
      int status,
      String contentType,
      byte[] response) {}

  private record Copy(int statusCode, Headers headers, InputStream body) implements HttpResponse {
    @Override
    public void close() {}
  }

  RecordingHttpClient(HttpClient delegate) {
    this(delegate, new CopyOnWriteArrayList<>());
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    return record(request, delegate.execute(request, options));
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return delegate.executeAsync(request, options).thenApply(response -> record(request, response));
  }

  private HttpResponse record(HttpRequest request, HttpResponse response) {
    try (response) {
      byte[] body = response.body().readAllBytes();
      exchanges.add(
          new Exchange(
              request.method().name(),
              String.join("/", request.pathSegments()),
              request.body() == null ? new byte[0] : BytesBody.read(request.body()),
              response.statusCode(),
              response.headers().values("content-type").getFirst(),
              body));
      return new Copy(response.statusCode(), response.headers(), new ByteArrayInputStream(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    delegate.close();
  }
}
