package dev.askonce.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two texts, and whether one answer serves both.
 *
 * @param group what kind of pair it is, from the fields {@code cap} and {@code test}
 */
record LabelledPair(String a, String b, boolean positive, Optional<String> group) {
  /** Reads {@code {a, b, label}} lines, label 0 or 1; other fields are ignored. */
  static List<LabelledPair> read(Path file) throws IOException {
    List<LabelledPair> pairs = new ArrayList<>();
    JsonLines.read(file, (line, where) -> pairs.add(of(line, where)));
    return pairs;
  }

  private static LabelledPair of(JsonNode line, String where) {
    JsonNode label = line.get("label");
    InputException.require(
        label != null && label.isInt() && (label.asInt() == 0 || label.asInt() == 1),
        where + ": \"label\" is not 0 or 1");
    return new LabelledPair(
        JsonLines.text(line, "a", where),
        JsonLines.text(line, "b", where),
        label.asInt() == 1,
        group(line));
  }

  private static Optional<String> group(JsonNode line) {
    List<String> parts = new ArrayList<>();
    for (String field : List.of("cap", "test")) {
      if (line.path(field).isTextual()) {
        parts.add(line.get(field).asText());
      }
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(": ", parts));
  }
}
