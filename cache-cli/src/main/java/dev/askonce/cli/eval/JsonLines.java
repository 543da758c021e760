package dev.askonce.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.InputFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file of one JSON object a line, compressed with gzip where its name ends with {@code .gz}. */
final class JsonLines {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonLines() {}

  /** Reads one line. */
  interface Reader {
    /**
     * @param where file and line, for messages
     */
    void read(JsonNode line, String where);
  }

  /**
   * Reads all lines but blank ones.
   *
   * @throws InputException if the file is missing, holds no line or is not what it should be
   */
  static void read(Path file, Reader reader) throws IOException {
    boolean any = false;
    try (BufferedReader lines = open(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String where = file + ", line " + ++number;
        if (!line.isBlank()) {
          reader.read(parse(line, where), where);
          any = true;
        }
      }
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8");
    }
    InputException.require(any, file + " holds no lines");
  }

  static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            InputFile.open(file),
            StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
  }

  private static JsonNode parse(String line, String where) {
    try {
      JsonNode node = MAPPER.readTree(line);
      InputException.require(node.isObject(), where + ": not a JSON object");
      return node;
    } catch (JsonProcessingException e) {
      throw new InputException(where + ": not JSON");
    }
  }

  /**
   * {@return the text of a field}
   *
   * @throws InputException if it is missing, empty or no text
   */
  static String text(JsonNode line, String field, String where) {
    JsonNode value = line.get(field);
    InputException.require(
        value != null && value.isTextual() && !value.asText().isBlank(),
        where + ": no text in \"" + field + "\"");
    return value.asText();
  }
}
