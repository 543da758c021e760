package dev.askonce.optimizer.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;

/** The texts that a choice is made by, and requests for a word on them. */
final class Prompts {
  private Prompts() {}

  /** {@return the request for a model's short word on a text, at temperature 0} */
  static ChatRequest ask(String model, String instruction, String text, int answerTokensMax) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode().put("model", model);
    ArrayNode messages = fields.putArray("messages");
    messages.addObject().put("role", "system").put("content", instruction);
    messages.addObject().put("role", "user").put("content", text);
    return ChatRequest.of(fields.put("max_tokens", answerTokensMax).put("temperature", 0));
  }

  /** {@return the last text that the user wrote; its text parts joined by line ends} */
  static String lastOfUser(ChatRequest request) {
    for (int i = request.messages().size() - 1; i >= 0; i--) {
      JsonNode message = request.messages().get(i);
      if ("user".equals(message.path("role").asText(""))) {
        return text(message.path("content"));
      }
    }
    return "";
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (part.path("text").isTextual()) {
        text.append(text.isEmpty() ? "" : "\n").append(part.get("text").textValue());
      }
    }
    return text.toString();
  }

  /** {@return the first so many characters (code points) of a text: no pair is cut in two} */
  static String cut(String text, int charactersMax) {
    if (text.length() <= charactersMax) {
      return text;
    }
    int end = 0;
    for (int i = 0; i < charactersMax && end < text.length(); i++) {
      end = text.offsetByCodePoints(end, 1);
    }
    return text.substring(0, end);
  }
}
