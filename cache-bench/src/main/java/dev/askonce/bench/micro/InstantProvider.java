package dev.askonce.bench.micro;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A provider that answers everything at once and with the same text. */
final class InstantProvider implements ChatClient, HttpClient {
  static final String BASE_URL = "https://api.example/v1";

  private static final String JSON = "application/json";
  private static final Map<String, List<String>> HEADERS = Map.of("content-type", List.of(JSON));
  private static final Headers SDK_HEADERS = Headers.builder().put("content-type", JSON).build();

  private record Response(InputStream body) implements HttpResponse {
    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public Headers headers() {
      return SDK_HEADERS;
    }

    @Override
    public void close() {}
  }

  private final byte[] body;

  InstantProvider(String answer) {
    body =
        ("{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":"
                + "\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                + "\"assistant\",\"content\":\""
                + answer
                + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":2000,\"completion_tokens\":200,"
                + "\"total_tokens\":2200}}")
            .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) {
    // Written where nobody has yet, as a transport that sends it would.
    BenchCache.check(request.body().length > 0, "an empty request");
    return new ChatReply(200, HEADERS, JSON, body, Optional.empty());
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) {
    throw new UnsupportedOperationException("nothing is streamed here");
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    // As a client that sends it would read it.
    request.body().writeTo(new ByteArrayOutputStream(1024));
    return new Response(new ByteArrayInputStream(body));
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return CompletableFuture.completedFuture(execute(request, options));
  }

  @Override
  public void close() {}
}
