package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Files and Batches of the API, in memory. Thread-safe: one request at a time. */
final class BatchDesk {
  /** What to answer. */
  sealed interface Answer {
    record Body(ObjectNode json) implements Answer {}

    record Content(byte[] bytes) implements Answer {}

    record Refusal(ApiError error) implements Answer {}

    /** Nothing: the connection is to be cut. */
    record Cut() implements Answer {}
  }

  private record StoredFile(
      String id, String name, String purpose, long createdAt, byte[] content) {
    ObjectNode json() {
      ObjectNode json = Json.MAPPER.createObjectNode().put("id", id).put("object", "file");
      json.put("bytes", content.length).put("created_at", createdAt).put("filename", name);
      return json.put("purpose", purpose).put("status", "processed");
    }
  }

  private static final long FILE_BYTES_MAX = 200_000_000;
  private static final int LIST_LIMIT = 20;

  private final Function<ChatRequest, ObjectNode> model;
  private final InstantSource clock;
  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final Map<String, BatchRun> batches = new LinkedHashMap<>();
  private final Deque<BatchFault> faults = new ArrayDeque<>();
  private int fileCount;

  BatchDesk(Function<ChatRequest, ObjectNode> model, InstantSource clock) {
    this.model = model;
    this.clock = clock;
  }

  /** {@return the parts of a path after the version, or none if it is not served here} */
  static List<String> served(String path) {
    List<String> parts = List.of(path.split("/"));
    int at = Math.max(parts.indexOf("files"), parts.indexOf("batches"));
    return at < 0 ? List.of() : parts.subList(at, parts.size());
  }

  synchronized void failNext(List<BatchFault> next) {
    faults.addAll(next);
  }

  /** {@return how many batches were created} */
  synchronized int batchCount() {
    return batches.size();
  }

  /** {@return how many requests all batches have answered} */
  synchronized long answered() {
    return batches.values().stream()
        .mapToLong(run -> run.json().at("/request_counts/completed").asLong())
        .sum();
  }

  synchronized Answer answer(
      String method, List<String> path, Map<String, String> query, String contentType, byte[] body)
      throws IOException {
    String route = method + " " + path.get(0) + " " + (path.size() > 2 ? path.get(2) : path.size());
    return switch (route) {
      case "POST files 1" -> upload(Multipart.parse(contentType, body));
      case "GET files 1" -> listFiles(query);
      case "GET files 2" ->
          file(path.get(1))
              .<Answer>map(f -> new Answer.Body(f.json()))
              .orElseGet(() -> notFound(path.get(1)));
      case "GET files content" ->
          file(path.get(1))
              .<Answer>map(f -> new Answer.Content(f.content()))
              .orElseGet(() -> notFound(path.get(1)));
      case "DELETE files 2" -> delete(path.get(1));
      case "POST batches 1" -> create(Json.MAPPER.readTree(body));
      case "GET batches 1" -> listBatches(query);
      case "GET batches 2" -> look(path.get(1));
      case "POST batches cancel" -> cancel(path.get(1));
      default -> notFound(String.join("/", path));
    };
  }

  private Optional<StoredFile> file(String id) {
    return Optional.ofNullable(files.get(id));
  }

  private static Answer notFound(String what) {
    return new Answer.Refusal(
        new ApiError(404, "No such object: " + what, "invalid_request_error", "id", null));
  }

  private Answer upload(Map<String, Multipart.Part> form) {
    Multipart.Part file = form.get("file");
    Multipart.Part purpose = form.get("purpose");
    if (file == null || purpose == null) {
      return new Answer.Refusal(ApiError.invalid("file and purpose are required", "file"));
    }
    if (file.content().length > FILE_BYTES_MAX) {
      return new Answer.Refusal(ApiError.invalid("The file is too large.", "file"));
    }
    String kind = new String(purpose.content(), StandardCharsets.UTF_8);
    return new Answer.Body(store(file.fileName(), kind, file.content()).json());
  }

  private StoredFile store(String name, String purpose, byte[] content) {
    String id = "file-" + ++fileCount;
    StoredFile file = new StoredFile(id, name, purpose, clock.instant().getEpochSecond(), content);
    files.put(id, file);
    return file;
  }

  private Answer listFiles(Map<String, String> query) {
    List<ObjectNode> found = new ArrayList<>();
    for (StoredFile file : files.values()) {
      if (file.purpose().equals(query.getOrDefault("purpose", file.purpose()))) {
        found.add(file.json());
      }
    }
    return list(found.reversed(), query);
  }

  private Answer delete(String id) {
    if (files.remove(id) == null) {
      return notFound(id);
    }
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", id).put("object", "file");
    return new Answer.Body(json.put("deleted", true));
  }

  private Answer create(JsonNode request) {
    Optional<StoredFile> input = file(request.path("input_file_id").asText());
    if (input.isEmpty() || !input.get().purpose().equals("batch")) {
      return new Answer.Refusal(ApiError.invalid("There is no such file.", "input_file_id"));
    }
    if (!request.path("endpoint").asText().equals("/v1/chat/completions")) {
      return new Answer.Refusal(
          ApiError.invalidValue("endpoint", request.path("endpoint").asText()));
    }
    if (!request.path("completion_window").asText().equals("24h")) {
      return new Answer.Refusal(
          ApiError.invalidValue("completion_window", request.path("completion_window").asText()));
    }
    BatchFault fault = faults.isEmpty() ? BatchFault.NONE : faults.poll();
    String id = "batch_" + (batches.size() + 1);
    String content = new String(input.get().content(), StandardCharsets.UTF_8);
    BatchRun run = new BatchRun(id, request, clock.instant().getEpochSecond(), fault, content);
    batches.put(id, run);
    return fault == BatchFault.CREATE_CUT ? new Answer.Cut() : new Answer.Body(run.json());
  }

  private Answer look(String id) {
    BatchRun run = batches.get(id);
    if (run == null) {
      return notFound(id);
    }
    run.look(model);
    if (run.isOver()) {
      run.outputFileId = keep(run.outputFileId, run.output(), id + "_output.jsonl");
      run.errorFileId = keep(run.errorFileId, run.errors(), id + "_error.jsonl");
    }
    return new Answer.Body(run.json());
  }

  private String keep(String known, String content, String name) {
    return known != null || content == null
        ? known
        : store(name, "batch_output", content.getBytes(StandardCharsets.UTF_8)).id();
  }

  private Answer cancel(String id) {
    BatchRun run = batches.get(id);
    if (run == null) {
      return notFound(id);
    }
    run.cancel();
    return new Answer.Body(run.json());
  }

  private Answer listBatches(Map<String, String> query) {
    return list(batches.values().stream().map(BatchRun::json).toList().reversed(), query);
  }

  /** {@return a page of a list, newest first, from behind {@code after}} */
  private static Answer list(List<ObjectNode> all, Map<String, String> query) {
    int limit = Integer.parseInt(query.getOrDefault("limit", Integer.toString(LIST_LIMIT)));
    int from = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).path("id").asText().equals(query.get("after"))) {
        from = i + 1;
      }
    }
    List<ObjectNode> page = all.subList(from, Math.min(all.size(), from + limit));
    ObjectNode json = Json.MAPPER.createObjectNode().put("object", "list");
    page.forEach(json.putArray("data")::add);
    if (!page.isEmpty()) {
      json.set("first_id", page.getFirst().path("id"));
      json.set("last_id", page.getLast().path("id"));
    }
    return new Answer.Body(json.put("has_more", from + page.size() < all.size()));
  }
}
