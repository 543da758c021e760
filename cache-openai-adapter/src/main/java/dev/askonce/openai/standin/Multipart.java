package dev.askonce.openai.standin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body (RFC 7578), by their names. */
final class Multipart {
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");

  /**
   * One part.
   *
   * @param fileName empty where it has none
   */
  record Part(String fileName, byte[] content) {}

  private Multipart() {}

  /** {@return the parts; none for a body that is not multipart} */
  static Map<String, Part> parse(String contentType, byte[] body) {
    Map<String, Part> parts = new LinkedHashMap<>();
    int boundary = contentType == null ? -1 : contentType.indexOf("boundary=");
    if (boundary < 0) {
      return parts;
    }
    String mark = "--" + contentType.substring(boundary + 9).replace("\"", "");
    // One char a byte, so that places in the text are places in the body.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(mark);
    while (at >= 0) {
      int start = at + mark.length();
      int next = text.indexOf("\r\n" + mark, start);
      int head = text.indexOf("\r\n\r\n", start);
      if (next < 0 || head < 0 || head > next) {
        break;
      }
      String headers = text.substring(start, head);
      Matcher name = NAME.matcher(headers);
      Matcher file = FILE_NAME.matcher(headers);
      if (name.find()) {
        byte[] content =
            text.substring(Math.min(head + 4, next), next).getBytes(StandardCharsets.ISO_8859_1);
        parts.put(name.group(1), new Part(file.find() ? file.group(1) : "", content));
      }
      at = next + 2;
    }
    return parts;
  }
}
