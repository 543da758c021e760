package dev.askonce.optimizer.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The text of a request that similarity is used for: the user's last.
 *
 * @param text never blank
 * @param whole whether it is all that the message says; of several parts it is the last one, and
 *     which of them asks and which is the material nobody can tell
 */
record Question(String text, boolean whole) {
  /** {@return the question of a message, or empty where it has parts that are no text, or none} */
  static Optional<Question> of(ObjectNode message) {
    JsonNode content = plain(message.path("content"));
    boolean whole = content.isTextual();
    if (!whole) {
      if (hasMedia(content)) {
        return Optional.empty();
      }
      content = content.path(content.size() - 1).path("text");
    }
    return content.isTextual() && !content.textValue().isBlank()
        ? Optional.of(new Question(content.textValue(), whole))
        : Optional.empty();
  }

  /** {@return the string that a content of one text part is the long form of, or the content} */
  static JsonNode plain(JsonNode content) {
    JsonNode part = content.isArray() && content.size() == 1 ? content.get(0) : null;
    return part != null && isText(part) && part.size() == 2 ? part.get("text") : content;
  }

  static boolean hasMedia(JsonNode content) {
    for (JsonNode part : content) {
      if (!isText(part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isText(JsonNode part) {
    return "text".equals(part.path("type").textValue()) && part.path("text").isTextual();
  }
}
