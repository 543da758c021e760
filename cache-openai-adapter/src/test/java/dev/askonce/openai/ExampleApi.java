package dev.askonce.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The API as the SDK's examples need it, without a network: the same question, the same answer. */
final class ExampleApi implements HttpClient {
  final List<HttpRequest> requests = new CopyOnWriteArrayList<>();

  private record Answer(int statusCode, Headers headers, InputStream body) implements HttpResponse {
    static Answer of(int status, String type, byte[] body) {
      return new Answer(
          status,
          Headers.builder().put("content-type", type).put("x-request-id", "req_1").build(),
          new ByteArrayInputStream(body));
    }

    @Override
    public void close() {}
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    requests.add(request);
    try {
      return answer(request, String.join("/", request.pathSegments()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer answer(HttpRequest request, String path) throws IOException {
    if (path.equals("chat/completions")) {
      return chat(Json.MAPPER.readTree(BytesBody.read(request.body())));
    }
    if (path.startsWith("fine_tuning/jobs")) {
      return json(jobs(request.queryParams().values("after").isEmpty()));
    }
    if (path.endsWith("/content")) {
      return Answer.of(200, "application/octet-stream", new byte[] {0, -1, 13, 10, 26});
    }
    if (path.equals("files") && request.method() == HttpMethod.POST) {
      String form = new String(BytesBody.read(request.body()), StandardCharsets.ISO_8859_1);
      String name = form.contains("filename=\"") ? form.split("filename=\"")[1] : "\"";
      return json(
          "{\"id\":\"file-1\",\"object\":\"file\",\"bytes\":%d,\"created_at\":1,\"filename\":\"%s\",\"purpose\":\"fine-tune\",\"status\":\"processed\"}"
              .formatted(form.split("\r\n\r\n").length, name.substring(0, name.indexOf('"'))));
    }
    if (path.equals("embeddings")) {
      return json(
          "{\"object\":\"list\",\"model\":\"e\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AACAPwAAAAA=\"}],\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}");
    }
    if (path.equals("moderations")) {
      return json("{\"id\":\"modr-1\",\"model\":\"omni\",\"results\":[]}");
    }
    return Answer.of(
        404,
        "application/json",
        "{\"error\":{\"message\":\"Invalid URL\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}"
            .getBytes(StandardCharsets.UTF_8));
  }

  private static Answer json(String json) {
    return Answer.of(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String jobs(boolean first) {
    String job =
        "{\"id\":\"%s\",\"object\":\"fine_tuning.job\",\"created_at\":1,\"model\":\"gpt-4o-mini\",\"status\":\"succeeded\"}";
    String jobs =
        first ? job.formatted("job-1") + "," + job.formatted("job-2") : job.formatted("job-3");
    return "{\"object\":\"list\",\"data\":[" + jobs + "],\"has_more\":" + first + "}";
  }

  private static Answer chat(JsonNode request) throws IOException {
    if (!request.path("messages").isArray()) {
      return Answer.of(
          400,
          "application/json",
          "{\"error\":{\"message\":\"Missing required parameter: 'messages'.\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"missing_required_parameter\"}}"
              .getBytes(StandardCharsets.UTF_8));
    }
    JsonNode last = request.path("messages").path(request.path("messages").size() - 1);
    ObjectNode message = Json.MAPPER.createObjectNode().put("role", "assistant");
    boolean calls = request.has("tools") && last.path("role").asText().equals("user");
    boolean followUp = request.path("messages").size() > 2;
    message.put("content", calls && !followUp ? null : content(request, last)).putNull("refusal");
    if (calls && !followUp) {
      ObjectNode call = message.putArray("tool_calls").addObject();
      call.put("id", "call_1").put("type", "function");
      call.putObject("function").put("name", "Weather").put("arguments", "{\"city\":\"Oslo\"}");
    }
    String reason = calls && !followUp ? "tool_calls" : "stop";
    return request.path("stream").asBoolean()
        ? Answer.of(200, "text/event-stream", stream(message, reason, request))
        : Answer.of(200, "application/json", whole(message, reason));
  }

  private static String content(JsonNode request, JsonNode last) {
    if (request.path("response_format").path("type").asText().equals("json_schema")) {
      return "{\"books\":[{\"title\":\"Kim\",\"year\":1901},{\"title\":\"Emma\",\"year\":1815}]}";
    }
    String asked = last.path("content").isTextual() ? last.path("content").asText() : "parts";
    return "You said: " + asked + " (" + request.path("messages").size() + ")";
  }

  private static ObjectNode head(String object) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("id", "chatcmpl-1").put("object", object).put("created", 1).put("model", "gpt-4o");
    return root.put("secretProperty", "42");
  }

  private static byte[] whole(ObjectNode message, String reason) throws IOException {
    ObjectNode root = head("chat.completion");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs").put("finish_reason", reason);
    root.putObject("usage")
        .put("prompt_tokens", 9)
        .put("completion_tokens", 4)
        .put("total_tokens", 13);
    return Json.MAPPER.writeValueAsBytes(root);
  }

  private static byte[] stream(ObjectNode message, String reason, JsonNode request)
      throws IOException {
    StringBuilder out = new StringBuilder();
    String text = message.path("content").asText("");
    for (int at = 0; at < text.length(); at += 5) {
      ObjectNode delta =
          Json.MAPPER
              .createObjectNode()
              .put("content", text.substring(at, Math.min(at + 5, text.length())));
      out.append(event(delta, null));
    }
    out.append(event(Json.MAPPER.createObjectNode(), reason));
    if (request.path("stream_options").path("include_usage").asBoolean()) {
      ObjectNode last = head("chat.completion.chunk");
      last.putArray("choices");
      last.putObject("usage")
          .put("prompt_tokens", 9)
          .put("completion_tokens", 4)
          .put("total_tokens", 13);
      out.append("data: ").append(last).append("\n\n");
    }
    return out.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String event(ObjectNode delta, String reason) {
    ObjectNode root = head("chat.completion.chunk");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", reason);
    return "data: " + root + "\n\n";
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return CompletableFuture.supplyAsync(() -> execute(request, options));
  }

  @Override
  public void close() {}
}
