package dev.askonce.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Usage;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A model that gives its recorded answers: the concise one where a system text asks for
 * conciseness, else the free one, and no more of either than the request's limit. Counts what it
 * says. Not thread-safe.
 */
final class RecordedModel implements ChatClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JSON = "application/json";

  private final Map<String, AnswerPair> byInstruction = new HashMap<>();
  private final LongAdder outputTokens = new LongAdder();

  RecordedModel(List<AnswerPair> pairs) {
    pairs.forEach(pair -> byInstruction.put(pair.instruction(), pair));
  }

  /** {@return the output tokens of all calls so far} */
  long outputTokens() {
    return outputTokens.sum();
  }

  /** {@return what the model would say without a limit} Counts what it says within it. */
  String say(ChatRequest request) {
    AnswerPair pair = pair(request);
    boolean concise = isToldToBeConcise(request);
    long wanted = concise ? pair.conciseTokens() : pair.freeTokens();
    outputTokens.add(Math.min(wanted, request.outputTokensMax().orElse(Long.MAX_VALUE)));
    return concise ? pair.concise() : pair.free();
  }

  private AnswerPair pair(ChatRequest request) {
    return byInstruction.get(request.lastUserMessage().orElseThrow().path("content").asText());
  }

  private static boolean isToldToBeConcise(ChatRequest request) {
    for (JsonNode message : request.messages()) {
      if (message.path("role").asText().equals("system")
          && message.path("content").asText().contains("concise")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) {
    AnswerPair pair = pair(request);
    long wanted = isToldToBeConcise(request) ? pair.conciseTokens() : pair.freeTokens();
    long given = Math.min(wanted, request.outputTokensMax().orElse(Long.MAX_VALUE));
    outputTokens.add(given);
    ObjectNode root = MAPPER.createObjectNode().put("model", request.model());
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", "…");
    choice.put("finish_reason", given < wanted ? "length" : "stop");
    root.set("usage", Usage.of(0, given).toJson());
    try {
      byte[] body = MAPPER.writeValueAsBytes(root);
      return new ChatReply(
          200, Map.of("content-type", List.of(JSON)), JSON, body, Optional.empty());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) {
    throw new UnsupportedOperationException("recorded answers are not streamed");
  }
}
