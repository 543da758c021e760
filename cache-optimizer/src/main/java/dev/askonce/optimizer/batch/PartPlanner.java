package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes requests as the files of a batch service: one model a file, within the limits. */
final class PartPlanner {
  private final Path directory;
  private final BatchLimits limits;
  private final String requestPath;

  PartPlanner(Path directory, BatchLimits limits, String requestPath) {
    this.directory = directory;
    this.limits = limits;
    this.requestPath = requestPath;
  }

  static Path file(Path directory, int number) {
    return directory.resolve("part-%05d.jsonl".formatted(number));
  }

  /**
   * {@return the new parts, whose files are on the disk}
   *
   * @param first number of the first
   * @throws ChatException.InvalidJob if a request alone is larger than a file may be
   */
  List<Part> plan(ItemFile items, Iterable<Item> asked, int first, int attempt) throws IOException {
    Map<String, List<Item>> byModel = new TreeMap<>();
    for (Item item : asked) {
      byModel.computeIfAbsent(item.model(), model -> new ArrayList<>()).add(item);
    }
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, List<Item>> model : byModel.entrySet()) {
      plan(items, model.getKey(), model.getValue(), first, attempt, parts);
    }
    DurableFiles.force(directory);
    return parts;
  }

  private void plan(
      ItemFile items, String model, List<Item> asked, int first, int attempt, List<Part> parts)
      throws IOException {
    int at = 0;
    while (at < asked.size()) {
      Path file = file(directory, first + parts.size());
      int lines = 0;
      long bytes = 0;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
        while (at < asked.size() && lines < limits.requestsMax()) {
          byte[] line = line(items, asked.get(at));
          if (line.length > limits.bytesMax()) {
            throw new ChatException.InvalidJob(
                "the request \""
                    + asked.get(at).id()
                    + "\" has "
                    + line.length
                    + " bytes; a batch takes "
                    + limits.bytesMax());
          }
          if (bytes + line.length > limits.bytesMax()) {
            break;
          }
          out.write(line);
          bytes += line.length;
          lines++;
          at++;
        }
      }
      DurableFiles.force(file);
      parts.add(Part.planned(first + parts.size(), attempt, model, lines));
    }
  }

  private byte[] line(ItemFile items, Item item) throws IOException {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("custom_id", item.wireId()).put("method", "POST").put("url", requestPath);
    line.set("body", items.request(item).json());
    byte[] json = Json.MAPPER.writeValueAsBytes(line);
    byte[] ended = Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  /** {@return the indices of a part's items, in the order of its lines} */
  static List<Integer> members(Path directory, int number) throws IOException {
    List<Integer> members = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file(directory, number))) {
      Lines.readAll(
          in,
          (offset, line) ->
              members.add(Item.indexOf(Json.MAPPER.readTree(line).path("custom_id").asText())));
    }
    return members;
  }
}
