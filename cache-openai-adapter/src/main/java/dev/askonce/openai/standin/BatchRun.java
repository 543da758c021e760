package dev.askonce.openai.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One batch: its lines, what became of them, and its status, which moves one step each time
 * somebody looks. Guarded by its desk's lock.
 */
final class BatchRun {
  private static final int LINES_MAX = 50_000;
  private static final int SHOWN_ERRORS_MAX = 20;

  final String id;
  final String inputFileId;
  final String endpoint;
  final JsonNode metadata;
  final long createdAt;
  final BatchFault fault;
  private final List<JsonNode> lines = new ArrayList<>();
  private final List<ObjectNode> problems = new ArrayList<>();
  private final StringBuilder output = new StringBuilder();
  private final StringBuilder errors = new StringBuilder();
  private int completed;
  private int failed;
  String status = "validating";
  String outputFileId;
  String errorFileId;

  BatchRun(String id, JsonNode request, long createdAt, BatchFault fault, String content) {
    this.id = id;
    this.inputFileId = request.path("input_file_id").asText();
    this.endpoint = request.path("endpoint").asText();
    this.metadata = request.path("metadata");
    this.createdAt = createdAt;
    this.fault = fault;
    read(content);
  }

  private void read(String content) {
    Set<String> ids = new HashSet<>();
    Set<String> models = new HashSet<>();
    int number = 0;
    for (String text : content.lines().toList()) {
      number++;
      JsonNode line;
      try {
        line = Json.MAPPER.readTree(text);
      } catch (JsonProcessingException e) {
        problem("invalid_json_line", "This line is not parseable as valid JSON.", number);
        continue;
      }
      lines.add(line);
      models.add(line.at("/body/model").asText());
      Optional<ApiError> refused = RequestShape.chat(line.path("body"), true);
      if (!ids.add(line.path("custom_id").asText())) {
        problem("duplicate_custom_id", "The custom_id of this line is not unique.", number);
      } else if (!line.path("method").asText().equals("POST")
          || !line.path("url").asText().equals(endpoint)) {
        problem("invalid_url", "The line does not POST to the batch's endpoint.", number);
      } else if (line.at("/body/stream").asBoolean()) {
        problem("invalid_request", "A batch cannot stream.", number);
      } else if (refused.isPresent()) {
        problem("invalid_request", refused.get().message(), number);
      }
    }
    if (lines.isEmpty() || lines.size() > LINES_MAX) {
      problem("invalid_file", "The file has " + lines.size() + " requests.", 0);
    } else if (models.size() > 1) {
      problem("mismatched_model", "The requests of a file must be of one model.", 0);
    }
    if (fault == BatchFault.REJECTED) {
      problem("invalid_request", "The line is faulty.", 1);
    } else if (fault == BatchFault.TOKEN_LIMIT) {
      problem("token_limit_exceeded", "Enqueued token limit reached.", 0);
    }
  }

  private void problem(String code, String message, int line) {
    ObjectNode problem = Json.MAPPER.createObjectNode().put("code", code).put("message", message);
    problem.putNull("param");
    if (line > 0) {
      problem.put("line", line);
    } else {
      problem.putNull("line");
    }
    problems.add(problem);
  }

  boolean isOver() {
    return Set.of("failed", "completed", "expired", "cancelled").contains(status);
  }

  /** Moves one step. */
  void look(Function<ChatRequest, ObjectNode> model) {
    switch (status) {
      case "validating" -> status = problems.isEmpty() ? "in_progress" : "failed";
      case "in_progress" -> {
        boolean expires = fault == BatchFault.EXPIRED;
        run(model, expires ? lines.size() / 2 : lines.size(), expires ? "batch_expired" : "");
        status = "finalizing";
      }
      case "finalizing" -> status = fault == BatchFault.EXPIRED ? "expired" : "completed";
      case "cancelling" -> {
        run(model, lines.size() / 2, "batch_cancelled");
        status = "cancelled";
      }
      default -> {}
    }
  }

  void cancel() {
    if (!isOver()) {
      status = status.equals("finalizing") ? status : "cancelling";
    }
  }

  /** Answers the first lines; the others have no result but a code. */
  private void run(Function<ChatRequest, ObjectNode> model, int count, String code) {
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      ObjectNode result = Json.MAPPER.createObjectNode().put("id", "batch_req_" + i);
      result.set("custom_id", line.path("custom_id"));
      if (i >= count) {
        result.putNull("response");
        result.putObject("error").put("code", code).put("message", "It was not run.");
        errors.append(result).append('\n');
        continue;
      }
      boolean fails = fault == BatchFault.LINE_ERRORS && i % 2 == 1;
      ObjectNode response = result.putObject("response");
      response.put("status_code", fails ? 500 : 200).put("request_id", "req_" + id + "_" + i);
      ObjectNode body =
          fails
              ? new ApiError(500, "The server had an error.", "server_error", null, null).json()
              : model.apply(
                  ChatRequest.parse(line.path("body").toString().getBytes(StandardCharsets.UTF_8)));
      response.set("body", body);
      result.putNull("error");
      if (fails) {
        failed++;
        errors.append(result).append('\n');
      } else {
        completed++;
        output.append(result).append('\n');
      }
    }
  }

  /** {@return the results, or null where there are none} */
  String output() {
    return output.isEmpty() ? null : output.toString();
  }

  /** {@return what failed or was not run, or null where there is none} */
  String errors() {
    return errors.isEmpty() ? null : errors.toString();
  }

  /** {@return the {@code batch} object} */
  ObjectNode json() {
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", id).put("object", "batch");
    json.put("endpoint", endpoint).put("input_file_id", inputFileId);
    json.put("completion_window", "24h").put("status", status).put("created_at", createdAt);
    if (isOver()) {
      if (outputFileId != null) {
        json.put("output_file_id", outputFileId);
      }
      if (errorFileId != null) {
        json.put("error_file_id", errorFileId);
      }
    }
    json.putObject("request_counts")
        .put("total", lines.size())
        .put("completed", completed)
        .put("failed", failed);
    if (!problems.isEmpty() && status.equals("failed")) {
      ObjectNode list = json.putObject("errors").put("object", "list");
      problems.stream().limit(SHOWN_ERRORS_MAX).forEach(list.putArray("data")::add);
    }
    if (metadata.isObject()) {
      json.set("metadata", metadata);
    }
    return json;
  }
}
