package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.cost.TokenCounter;

/**
 * What a model says of what it would say: it ends before a stop sequence, and at the limit.
 *
 * @param cutOff whether the limit ended it
 */
record SaidText(String content, boolean cutOff) {
  static SaidText of(ChatRequest request, String wanted, TokenCounter tokens) {
    String content = beforeStop(request.json().path("stop"), wanted);
    long limit = request.outputTokensMax().orElse(Long.MAX_VALUE);
    if (tokens.count(request.model(), content) <= limit) {
      return new SaidText(content, false);
    }
    int low = 0;
    for (int high = content.length(); low + 1 < high; ) {
      int middle = (low + high) >>> 1;
      if (tokens.count(request.model(), content.substring(0, middle)) <= limit) {
        low = middle;
      } else {
        high = middle;
      }
    }
    boolean splitsPair = low > 0 && Character.isHighSurrogate(content.charAt(low - 1));
    return new SaidText(content.substring(0, splitsPair ? low - 1 : low), true);
  }

  private static String beforeStop(JsonNode stop, String wanted) {
    if (stop.isTextual()) {
      return before(wanted, stop.textValue());
    }
    String content = wanted;
    for (JsonNode sequence : stop) {
      content = before(content, sequence.asText());
    }
    return content;
  }

  private static String before(String content, String sequence) {
    int at = sequence.isEmpty() ? -1 : content.indexOf(sequence);
    return at < 0 ? content : content.substring(0, at);
  }
}
