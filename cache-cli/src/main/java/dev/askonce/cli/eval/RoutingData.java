package dev.askonce.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.bench.data.InputException;
import dev.askonce.optimizer.route.RouterModel;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Prompts with the quality of two models' answers, in any of three forms: JSON lines {@code {task,
 * prompt, 4o: {ok}, mini: {ok}}}, JSON lines {@code {domain, prompt, weak_ok, strong_ok}}, or one
 * JSON array of {@code {question, scores}}.
 *
 * @param shipped the shipped model for this form
 */
record RoutingData(
    List<Row> rows, String weakModel, String strongModel, RouterModel.Shipped shipped) {
  /** One prompt; the domain may be empty, qualities are from 0 to 1. */
  record Row(String prompt, String domain, double weak, double strong) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * {@return what a file holds}
   *
   * @param weakModel of the array's models
   * @param strongModel of the array's models
   * @throws InputException if it is missing, empty or of no such form
   */
  static RoutingData read(Path file, String weakModel, String strongModel) throws IOException {
    InputException.require(Files.isRegularFile(file), "there is no file " + file);
    String text = text(file);
    InputException.require(!text.isBlank(), file + " holds no rows");
    return text.stripLeading().startsWith("[")
        ? array(parse(text, file.toString()), file, weakModel, strongModel)
        : lines(text, file);
  }

  private static String text(Path file) throws IOException {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
      bytes.mark(2);
      boolean packed = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      InputStream plain = packed ? new GZIPInputStream(bytes, 1 << 16) : bytes;
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    } catch (ZipException | EOFException e) {
      throw new InputException(file + " is damaged: not whole as gzip");
    }
  }

  private static RoutingData lines(String text, Path file) {
    List<Row> rows = new ArrayList<>();
    boolean pair = false;
    int number = 0;
    for (String line : text.split("\n")) {
      String where = file + ", line " + ++number;
      if (line.isBlank()) {
        continue;
      }
      JsonNode node = parse(line, where);
      InputException.require(node.isObject(), where + ": not a JSON object");
      boolean ofPair = node.has("4o") || node.has("mini");
      InputException.require(
          rows.isEmpty() || ofPair == pair, where + ": not of the form of the lines before");
      pair = ofPair;
      String domain = node.path(pair ? "task" : "domain").asText("");
      rows.add(
          new Row(
              JsonLines.text(node, "prompt", where),
              domain,
              pair
                  ? quality(node.path("mini").path("ok"), "mini.ok", where)
                  : quality(node.path("weak_ok"), "weak_ok", where),
              pair
                  ? quality(node.path("4o").path("ok"), "4o.ok", where)
                  : quality(node.path("strong_ok"), "strong_ok", where)));
    }
    return pair
        ? new RoutingData(rows, "gpt-4o-mini", "gpt-4o", RouterModel.Shipped.GPT_4O_MINI)
        : new RoutingData(rows, "mixtral-8x7b", "gpt-4", RouterModel.Shipped.MIXTRAL);
  }

  private static RoutingData array(JsonNode array, Path file, String weak, String strong) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode node : array) {
      String where = file + ", row " + (rows.size() + 1);
      JsonNode scores = node.path("scores");
      InputException.require(
          scores.has(weak) && scores.has(strong),
          where + ": no score of \"" + weak + "\" or \"" + strong + "\"; see --weak and --strong");
      rows.add(
          new Row(
              JsonLines.text(node, "question", where),
              node.path("task_name").asText(node.path("cluster_id").asText("")),
              quality(scores.path(weak), weak, where),
              quality(scores.path(strong), strong, where)));
    }
    InputException.require(!rows.isEmpty(), file + " holds no rows");
    return new RoutingData(rows, weak, strong, RouterModel.Shipped.LLAMA_8B);
  }

  private static double quality(JsonNode value, String field, String where) {
    double quality = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.asDouble(-1);
    InputException.require(
        (value.isBoolean() || value.isNumber()) && quality >= 0 && quality <= 1,
        where + ": \"" + field + "\" is neither true, false nor a number from 0 to 1");
    return quality;
  }

  private static JsonNode parse(String text, String where) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputException(where + ": not JSON");
    }
  }
}
