package dev.askonce.optimizer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.ledger.LoggedCall;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * The provider of one logged call: it answers again what it answered then, cut where the request
 * now has a lower limit, as a provider cuts. Used by one thread.
 */
final class RecordedClient implements ChatClient {
  private static final int OK = 200;

  private final String askedModel;
  private final ObjectNode response;
  private final Usage usage;
  private ChatRequest sent;
  private long output;
  private boolean cut;

  /**
   * @param usage of the response, in which it may be missing
   */
  RecordedClient(LoggedCall call, Usage usage) {
    this.askedModel = call.model();
    this.response = call.response();
    this.usage = usage;
    this.output = usage.output();
  }

  @Override
  public ChatReply complete(ChatRequest request, CallContext context) {
    sent = request;
    output = Math.min(usage.output(), request.outputTokensMax().orElse(Long.MAX_VALUE));
    cut = output < usage.output();
    try {
      byte[] body = Json.MAPPER.writeValueAsBytes(cut ? shortened() : named(response));
      return new ChatReply(OK, Map.of(), "application/json", body, Optional.empty());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return an answer under the name of the model that is asked now} */
  private ObjectNode named(ObjectNode answer) {
    return sent.model().equals(askedModel)
        ? answer
        : answer.objectNode().<ObjectNode>setAll(answer).put("model", sent.model());
  }

  private ObjectNode shortened() {
    ObjectNode copy = named(response.deepCopy());
    JsonNode choice = copy.path("choices").path(0);
    if (choice instanceof ObjectNode object) {
      object.put("finish_reason", "length");
      JsonNode message = choice.path("message");
      String content = message.path("content").asText("");
      if (message instanceof ObjectNode text && !content.isEmpty()) {
        // Where the tokens end is not known; that each is as long as the others is near enough.
        long end = content.length() * output / usage.output();
        text.put("content", content.substring(0, (int) end));
      }
    }
    copy.set("usage", new Usage(usage.input(), usage.cachedInput(), 0, output, 0).toJson());
    return copy;
  }

  @Override
  public ChatStream stream(ChatRequest request, CallContext context) {
    throw new UnsupportedOperationException("a replay asks for whole replies");
  }

  /** {@return the request as it was sent last, if it was} */
  Optional<ChatRequest> sent() {
    return Optional.ofNullable(sent);
  }

  /** {@return the output tokens of the last answer} */
  long output() {
    return output;
  }

  /** {@return whether the last answer was cut} */
  boolean cut() {
    return cut;
  }
}
