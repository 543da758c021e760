package dev.askonce.optimizer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.ledger.LogTexts;
import java.util.OptionalLong;

/**
 * The texts of a request, as far as an audit looks at them. A text that the log replaced is as long
 * as its tokens usually are.
 *
 * @param system what system and developer messages say
 * @param opening the system text, or where there is none what the first message says: what calls of
 *     one place have in common
 * @param last what the last message says
 * @param systemChars of the system text
 * @param chars of all messages and tools
 */
record Prompt(String system, String opening, String last, long systemChars, long chars) {
  /** English prose has about so many. */
  private static final int CHARS_OF_TOKEN = 4;

  static Prompt of(ChatRequest request) {
    StringBuilder system = new StringBuilder();
    String first = "";
    String last = "";
    long systemChars = 0;
    long chars = request.json().path("tools").toString().length();
    for (JsonNode message : request.messages()) {
      String text = text(message.path("content"));
      long length = length(text);
      chars += length;
      String role = message.path("role").asText("");
      if (role.equals("system") || role.equals("developer")) {
        system.append(system.isEmpty() ? "" : "\n").append(text);
        systemChars += length;
      } else {
        first = first.isEmpty() ? text : first;
        last = text;
      }
    }
    String opening = system.isEmpty() ? first : system.toString();
    return new Prompt(system.toString(), opening, last, systemChars, Math.max(1, chars));
  }

  private static long length(String text) {
    OptionalLong tokens = LogTexts.tokens(text);
    return tokens.isPresent() ? tokens.getAsLong() * CHARS_OF_TOKEN : text.length();
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }

  /** {@return what share of the prompt so many of its characters are} */
  double share(long some) {
    return Math.min(1, (double) some / chars);
  }
}
