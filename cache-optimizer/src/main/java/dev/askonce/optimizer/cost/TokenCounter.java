package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Usage;

/**
 * Counts tokens as a provider would, for replies that carry no usage. Called by many threads at
 * once.
 */
@FunctionalInterface
public interface TokenCounter {
  /** Tokens that frame each message of a chat. */
  int MESSAGE_TOKENS = 3;

  /** Tokens that begin the answer of a chat. */
  int PRIMING_TOKENS = 3;

  /** {@return the number of tokens of a text for a model} */
  long count(String model, String text);

  /**
   * {@return the input tokens of a request} Exact for plain messages; tools and response formats
   * are counted as their JSON, which is near, and images not at all.
   */
  default long countInput(ChatRequest request) {
    String model = request.model();
    long tokens = PRIMING_TOKENS;
    for (JsonNode message : request.messages()) {
      tokens += MESSAGE_TOKENS + count(model, message.path("role").asText(""));
      JsonNode content = message.path("content");
      tokens += count(model, content.asText(""));
      for (JsonNode part : content) {
        tokens += count(model, part.path("text").asText(""));
      }
      if (message.has("name")) {
        tokens += 1 + count(model, message.get("name").asText(""));
      }
    }
    for (String field : new String[] {"tools", "functions", "response_format"}) {
      if (request.json().hasNonNull(field)) {
        tokens += count(model, request.json().get(field).toString());
      }
    }
    return tokens;
  }

  /** {@return the tokens of an exchange that the provider did not count} */
  default Usage estimate(ChatRequest request, Completion completion) {
    return Usage.of(countInput(request), count(request.model(), completion.content()));
  }
}
