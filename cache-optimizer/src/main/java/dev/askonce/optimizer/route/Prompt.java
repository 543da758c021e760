package dev.askonce.optimizer.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.Optional;

/**
 * What a router reads of a request.
 *
 * @param text what the user wrote last; of several parts the last text, which is also what the
 *     cache embeds
 * @param userMessageCount how many messages the user wrote
 * @param systemChars characters of all system and developer messages
 * @param tools whether the model may call tools
 * @param json whether the answer must be JSON
 */
public record Prompt(
    String text, int userMessageCount, int systemChars, boolean tools, boolean json) {

  /** {@return the prompt of a request with one message, this text} */
  public static Prompt of(String text) {
    return new Prompt(text, 1, 0, false, false);
  }

  /** {@return the prompt of a request, or empty where the user wrote no text} */
  public static Optional<Prompt> of(ChatRequest request) {
    String last = "";
    int systemChars = 0;
    for (JsonNode message : request.messages()) {
      String text = text(message.path("content"));
      switch (message.path("role").asText()) {
        case "user" -> last = text.isBlank() ? last : text;
        case "system", "developer" -> systemChars += text.length();
        default -> {
          // What the model or a tool said is no measure of what is asked.
        }
      }
    }
    return last.isBlank()
        ? Optional.empty()
        : Optional.of(
            new Prompt(
                last,
                request.userMessageCount(),
                systemChars,
                request.hasTools(),
                request.json().path("response_format").path("type").asText().startsWith("json")));
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    for (int i = content.size() - 1; i >= 0; i--) {
      JsonNode text = content.path(i).path("text");
      if (text.isTextual()) {
        return text.textValue();
      }
    }
    return "";
  }
}
