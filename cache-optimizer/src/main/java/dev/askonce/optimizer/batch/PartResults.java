package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.batch.RemoteBatch.Problem;
import dev.askonce.optimizer.batch.RemoteBatch.Status;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes what a batch that has ended says of its requests, each by its name and in any order. */
final class PartResults {
  private final BatchApi api;
  private final ResultFile results;

  PartResults(BatchApi api, ResultFile results) {
    this.api = api;
    this.results = results;
  }

  /**
   * Keeps a result for each of a part's items; on the disk when it returns.
   *
   * @throws IOException if a file could not be read to its end; to be taken again
   */
  void take(RemoteBatch batch, int attempt, List<Integer> members) throws IOException {
    if (batch.status() == Status.FAILED) {
      takeProblems(batch.problems(), attempt, members);
    } else {
      Set<Integer> open = new HashSet<>(members);
      takeFile(batch.outputFileId(), attempt, open);
      takeFile(batch.errorFileId(), attempt, open);
      String code =
          switch (batch.status()) {
            case EXPIRED -> ItemResult.EXPIRED;
            case CANCELLED -> ItemResult.CANCELLED;
            default -> ItemResult.MISSING;
          };
      for (int index : open) {
        results.add(index, ItemResult.failed(attempt, code, "The batch has no result for it."));
      }
    }
    results.force();
  }

  private void takeFile(Optional<String> fileId, int attempt, Set<Integer> open)
      throws IOException {
    if (fileId.isEmpty()) {
      return;
    }
    try (InputStream in = api.content(fileId.get())) {
      Lines.readAll(
          in,
          (offset, bytes) -> {
            JsonNode line = parse(bytes);
            int index = Item.indexOf(line.path("custom_id").asText());
            if (open.remove(index)) {
              results.add(index, ItemResult.read(line, attempt));
            }
          });
    }
  }

  /** {@return a line, or nothing of an item where it is no JSON, which is then missing} */
  private static JsonNode parse(byte[] line) throws IOException {
    try {
      return Json.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return Json.MAPPER.createObjectNode();
    }
  }

  /**
   * Of a file that was not accepted, the lines that were at fault fail for good; the others are as
   * if they had not been asked, unless no line is named.
   */
  private void takeProblems(List<Problem> problems, int attempt, List<Integer> members)
      throws IOException {
    boolean lines = false;
    for (Problem problem : problems) {
      if (problem.line() >= 1 && problem.line() <= members.size()) {
        lines = true;
        int index = members.get(problem.line() - 1);
        results.add(index, ItemResult.failed(attempt, problem.code(), problem.message()));
      }
    }
    if (!lines) {
      Problem problem =
          problems.isEmpty() ? new Problem("", "The batch failed.", 0) : problems.get(0);
      String code = problem.code().isEmpty() ? ItemResult.REFUSED : problem.code();
      for (int index : members) {
        results.add(index, ItemResult.failed(attempt, code, problem.message()));
      }
    }
  }
}
