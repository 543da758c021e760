package dev.askonce.optimizer.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;

/**
 * The texts of a request that say what it wants.
 *
 * @param system all system and developer messages
 * @param firstUser the first message of the user
 * @param lastUser the last message of the user
 */
record RequestText(String system, String firstUser, String lastUser) {
  static RequestText of(ChatRequest request) {
    StringBuilder system = new StringBuilder();
    JsonNode first = null;
    JsonNode last = null;
    for (JsonNode message : request.messages()) {
      switch (message.path("role").asText("")) {
        case "system", "developer" -> append(system, message.path("content"));
        case "user" -> {
          first = first == null ? message : first;
          last = message;
        }
        default -> {
          // What a model or a tool said is no instruction.
        }
      }
    }
    String firstText = text(first);
    return new RequestText(system.toString(), firstText, last == first ? firstText : text(last));
  }

  private static String text(JsonNode message) {
    if (message == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    append(text, message.path("content"));
    return text.toString();
  }

  private static void append(StringBuilder target, JsonNode content) {
    if (content.isTextual()) {
      String text = content.textValue();
      target.ensureCapacity(target.length() + text.length() + 1);
      target.append(text).append('\n');
    }
    for (JsonNode part : content) {
      target.append(part.path("text").asText("")).append('\n');
    }
  }
}
