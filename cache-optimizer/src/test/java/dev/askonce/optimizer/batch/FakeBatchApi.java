package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.batch.RemoteBatch.Problem;
import dev.askonce.optimizer.batch.RemoteBatch.Status;
import dev.askonce.optimizer.chat.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A batch service in maps: a batch is in progress at the first look and over at the second. A test
 * says what becomes of each line, and at which call the process is killed.
 */
final class FakeBatchApi implements BatchApi {
  static final String BASE = "https://api.example";

  /** Stands for a kill: nothing catches it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** What becomes of a line. */
  interface Script {
    /**
     * @param asked how often this text was asked, this time included
     */
    Fate fate(String text, int asked);
  }

  enum Fate {
    ANSWER,
    SERVER_ERROR,
    BAD_REQUEST,
    EXPIRE,
    FORGET
  }

  private static final class Remote {
    String id;
    String input;
    Map<String, String> labels;
    Status status = Status.VALIDATING;
    int looks;
    List<Problem> problems = List.of();
    Optional<String> output = Optional.empty();
    Optional<String> errors = Optional.empty();
  }

  final Map<String, String> files = new LinkedHashMap<>();
  final Map<String, String> names = new LinkedHashMap<>();
  final Map<String, Integer> asked = new LinkedHashMap<>();
  final Map<String, Integer> billed = new LinkedHashMap<>();
  private final Map<String, Remote> batches = new LinkedHashMap<>();
  private final List<Problem> rejections = new ArrayList<>();
  Script script = (text, times) -> Fate.ANSWER;
  UnaryOperator<Status> endsAs = status -> status;
  boolean hidden;
  int refuseCreates;
  int calls;
  int killAt = -1;

  /** Has the next batch fail in validation. */
  void reject(Problem... problems) {
    rejections.addAll(List.of(problems));
  }

  int batchCount() {
    return batches.size();
  }

  /** Each call is two steps: before its effect and after it. */
  private void step() {
    if (calls++ == killAt) {
      throw new Killed();
    }
  }

  @Override
  public boolean serves(String url) {
    return url.equals(Wire.URL);
  }

  @Override
  public Optional<String> findFile(String name) {
    step();
    return Optional.ofNullable(names.get(name));
  }

  @Override
  public String upload(String name, Path lines) throws IOException {
    step();
    String id = add(Files.readString(lines));
    names.put(name, id);
    step();
    return id;
  }

  private String add(String content) {
    String id = "file-" + files.size();
    files.put(id, content);
    return id;
  }

  @Override
  public RemoteBatch create(String fileId, Map<String, String> labels) throws IOException {
    step();
    if (refuseCreates > 0) {
      refuseCreates--;
      throw new BatchRefusal(400, "no such file", null);
    }
    Remote batch = new Remote();
    batch.id = "batch-" + batches.size();
    batch.input = fileId;
    batch.labels = labels;
    batches.put(batch.id, batch);
    if (!rejections.isEmpty()) {
      batch.problems = List.copyOf(rejections);
      rejections.clear();
    }
    step();
    return view(batch);
  }

  @Override
  public List<RemoteBatch> find(Map<String, String> labels, Instant since) {
    step();
    return batches.values().stream()
        .filter(batch -> !hidden && batch.labels.equals(labels))
        .map(FakeBatchApi::view)
        .toList();
  }

  @Override
  public RemoteBatch retrieve(String batchId) throws IOException {
    step();
    Remote batch = batches.get(batchId);
    batch.looks++;
    if (!batch.status.isEnd()) {
      if (!batch.problems.isEmpty()) {
        batch.status = Status.FAILED;
      } else if (batch.status == Status.CANCELLING) {
        finish(batch, Status.CANCELLED);
      } else if (batch.looks == 1) {
        batch.status = Status.IN_PROGRESS;
      } else {
        finish(batch, endsAs.apply(Status.COMPLETED));
      }
    }
    step();
    return view(batch);
  }

  private void finish(Remote batch, Status end) throws IOException {
    StringBuilder output = new StringBuilder();
    StringBuilder errors = new StringBuilder();
    List<String> lines = files.get(batch.input).lines().toList();
    // Not in the order of the input, as the API warns.
    for (String text : lines.reversed()) {
      JsonNode line = Json.MAPPER.readTree(text);
      String id = line.path("custom_id").asText();
      String question = line.at("/body/messages/0/content").asText();
      Fate fate = script.fate(question, asked.merge(question, 1, Integer::sum));
      ObjectNode result = Json.MAPPER.createObjectNode().put("id", "r").put("custom_id", id);
      if (end == Status.CANCELLED && fate == Fate.EXPIRE) {
        continue;
      }
      switch (fate) {
        case ANSWER -> {
          billed.merge(question, 1, Integer::sum);
          result.putObject("response").put("status_code", 200).put("request_id", "q-" + id);
          result
              .withObject("/response")
              .set("body", Json.MAPPER.readTree(Wire.completion("re " + question)));
          output.append(result.putNull("error")).append('\n');
        }
        case SERVER_ERROR, BAD_REQUEST -> {
          int status = fate == Fate.BAD_REQUEST ? 400 : 500;
          result.putObject("response").put("status_code", status).put("request_id", "q");
          result.withObject("/response").putObject("body").putObject("error").put("message", "no");
          errors.append(result.putNull("error")).append('\n');
        }
        case EXPIRE -> {
          result.putNull("response").putObject("error").put("code", "batch_expired");
          errors.append(result.toString()).append('\n');
        }
        case FORGET -> {}
      }
    }
    batch.status = end;
    batch.output = output.isEmpty() ? Optional.empty() : Optional.of(add(output.toString()));
    batch.errors = errors.isEmpty() ? Optional.empty() : Optional.of(add(errors.toString()));
  }

  @Override
  public RemoteBatch cancel(String batchId) {
    step();
    Remote batch = batches.get(batchId);
    if (!batch.status.isEnd()) {
      batch.status = Status.CANCELLING;
    }
    step();
    return view(batch);
  }

  @Override
  public InputStream content(String fileId) {
    step();
    return new ByteArrayInputStream(files.get(fileId).getBytes(StandardCharsets.UTF_8));
  }

  private static RemoteBatch view(Remote batch) {
    return new RemoteBatch(
        batch.id, batch.status, batch.output, batch.errors, 0, 0, batch.problems, batch.labels);
  }
}
