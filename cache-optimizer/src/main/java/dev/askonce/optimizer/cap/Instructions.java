package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;

/**
 * What a model is told about the length of its answer, and where.
 *
 * <p>The text stands at the end of the last system or developer message that precedes the talk:
 * what is before it, the part that a provider's prompt cache keeps, stays as it was, and the same
 * text in every call makes the whole of it such a part.
 */
final class Instructions {
  static final String STOP_WHEN_DONE =
      "Stop when the task is done: no summary of the steps taken, no closing remarks, no offer of"
          + " further help.";

  /** The words whose effect is published for several models: see docs/guides/output.md. */
  static final String CONCISE =
      "Be as concise as possible while still providing all the necessary information.";

  static final String JSON = "Answer with one JSON object and nothing else.";

  private Instructions() {}

  /** {@return the request with a text after its last leading system or developer text} */
  static ChatRequest add(ChatRequest request, String text) {
    ArrayNode messages = request.messages().arrayNode(request.messages().size() + 1);
    messages.addAll(request.messages());
    int last = -1;
    while (last + 1 < messages.size() && isInstruction(messages.get(last + 1))) {
      last++;
    }
    if (last < 0) {
      ObjectNode message = messages.objectNode();
      message.put("role", ModelRules.instructionRole(request)).put("content", text);
      messages.insert(0, message);
    } else {
      messages.set(last, append((ObjectNode) messages.get(last), text));
    }
    return request.with("messages", messages);
  }

  private static boolean isInstruction(JsonNode message) {
    String role = message.path("role").asText("");
    JsonNode content = message.path("content");
    return message.isObject()
        && (role.equals("system") || role.equals("developer"))
        && (content.isTextual() || content.isArray());
  }

  private static ObjectNode append(ObjectNode message, String text) {
    ObjectNode copy = message.objectNode().setAll(message);
    if (message.get("content") instanceof ArrayNode parts) {
      ArrayNode more = parts.arrayNode(parts.size() + 1);
      more.addAll(parts);
      more.addObject().put("type", "text").put("text", text);
      copy.set("content", more);
    } else {
      copy.put("content", message.get("content").textValue() + "\n\n" + text);
    }
    return copy;
  }

  /** {@return whether a message has the word JSON, without which the API refuses its JSON mode} */
  static boolean speaksOfJson(ChatRequest request) {
    for (JsonNode message : request.messages()) {
      JsonNode content = message.path("content");
      if (hasJson(content.asText(""))) {
        return true;
      }
      for (JsonNode part : content) {
        if (hasJson(part.path("text").asText(""))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasJson(String text) {
    for (int at = 0; at + 4 <= text.length(); at++) {
      if (text.regionMatches(true, at, "json", 0, 4)) {
        return true;
      }
    }
    return false;
  }
}
