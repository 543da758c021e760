package dev.askonce.optimizer.compress.lossless;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.askonce.optimizer.chat.Json;
import java.util.List;

/**
 * JSON as text: drops the white space between its tokens and nothing else, so that each number and
 * each string keeps its spelling and each key its place.
 */
final class JsonText {
  /** A value that goes on for longer is not looked at. */
  private static final int LINES_MAX = 5_000;

  private JsonText() {}

  /**
   * {@return the line behind the JSON value that begins at a line, or -1 where none does} One that
   * is indented may be a line of Python or a value of YAML, to which its place belongs.
   */
  static int end(List<String> lines, int start) {
    String first = lines.get(start);
    if (!first.startsWith("{") && !first.startsWith("[")) {
      return -1;
    }
    int depth = 0;
    boolean inString = false;
    int last = Math.min(lines.size(), start + LINES_MAX);
    for (int i = start; i < last; i++) {
      String line = lines.get(i);
      for (int c = 0; c < line.length(); c++) {
        char character = line.charAt(c);
        if (inString) {
          if (character == '\\') {
            c++;
          } else if (character == '"') {
            inString = false;
          }
        } else if (character == '"') {
          inString = true;
        } else if (character == '{' || character == '[') {
          depth++;
        } else if ((character == '}' || character == ']') && --depth == 0) {
          boolean alone = line.substring(c + 1).isBlank();
          return alone && isJson(String.join("", lines.subList(start, i + 1))) ? i + 1 : -1;
        }
      }
    }
    return -1;
  }

  private static boolean isJson(String text) {
    try {
      Json.MAPPER.readTree(text);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** {@return a JSON value without the white space between its tokens, and its last line end} */
  static String minified(String json) {
    StringBuilder out = new StringBuilder(json.length());
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString) {
        out.append(c);
        if (c == '\\') {
          out.append(json.charAt(++i));
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
        out.append(c);
      } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        out.append(c);
      }
    }
    return json.endsWith("\n") ? out.append('\n').toString() : out.toString();
  }
}
