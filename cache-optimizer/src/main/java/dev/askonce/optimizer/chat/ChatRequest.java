package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A chat-completions request: its bytes as they came and, beside them, what they say.
 *
 * <p>Immutable and thread-safe as long as nobody changes {@link #json} or {@link #body}, which are
 * not copied. Fields that this class does not name are kept and sent like any other.
 */
public final class ChatRequest {
  private static final ArrayNode NO_MESSAGES = JsonNodeFactory.instance.arrayNode(0);

  /** Null until somebody wants it: of levers that each change a field, only the last one's is. */
  private volatile byte[] body;

  private final ObjectNode json;
  private final ArrayNode messages;

  private ChatRequest(byte[] body, ObjectNode json) {
    this.body = body;
    this.json = json;
    this.messages = json.get("messages") instanceof ArrayNode array ? array : NO_MESSAGES;
  }

  /**
   * {@return the request that the body of an HTTP request holds}
   *
   * @param body UTF-8; not copied
   * @throws ChatException.MalformedRequest if it is no JSON object, or has a key twice
   */
  public static ChatRequest parse(byte[] body) {
    try {
      if (Json.TREES.readTree(body) instanceof ObjectNode object) {
        return new ChatRequest(body, object);
      }
      throw new ChatException.MalformedRequest("the body is not a JSON object");
    } catch (JsonProcessingException e) {
      // The parser's message may quote the prompt; its place does not.
      throw new ChatException.MalformedRequest(
          e.getLocation() == null
              ? "the body is not JSON"
              : "the body is not JSON at byte " + e.getLocation().getByteOffset());
    } catch (IOException e) {
      // Nothing is read: these are the parser's words for bytes that are no text.
      throw new ChatException.MalformedRequest("the body is not UTF-8");
    }
  }

  /** {@return the request of these fields; {@code fields} is not copied} */
  public static ChatRequest of(ObjectNode fields) {
    return new ChatRequest(null, fields);
  }

  /** {@return this request with one field replaced; its body is written anew} */
  public ChatRequest with(String field, JsonNode value) {
    return edited(fields -> fields.set(field, value));
  }

  /**
   * {@return this request with its fields changed; its body is written anew}
   *
   * @param change gets a copy of the fields, whose values it may replace but not change
   */
  public ChatRequest edited(Consumer<ObjectNode> change) {
    ObjectNode changed = json.objectNode().setAll(json);
    change.accept(changed);
    return of(changed);
  }

  /** {@return the bytes to send; not to be changed} */
  public byte[] body() {
    byte[] known = body;
    if (known == null) {
      known = write(json);
      body = known;
    }
    return known;
  }

  private static byte[] write(ObjectNode fields) {
    try {
      return Json.bytes(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the request as a tree; not to be changed} */
  public ObjectNode json() {
    return json;
  }

  /** {@return the model asked for, or the empty string} */
  public String model() {
    return json.path("model").asText("");
  }

  /** {@return the messages; empty where there are none} */
  public ArrayNode messages() {
    return messages;
  }

  /** {@return the last message if the user wrote it} */
  public Optional<ObjectNode> lastUserMessage() {
    JsonNode last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
    return last instanceof ObjectNode message && isFromUser(message)
        ? Optional.of(message)
        : Optional.empty();
  }

  /** {@return how many messages the user wrote: more than one is a conversation} */
  public int userMessageCount() {
    int count = 0;
    for (JsonNode message : messages) {
      if (isFromUser(message)) {
        count++;
      }
    }
    return count;
  }

  private static boolean isFromUser(JsonNode message) {
    return "user".equals(message.path("role").asText());
  }

  public boolean stream() {
    return json.path("stream").asBoolean(false);
  }

  /** {@return whether a stream is to end with a chunk that carries the usage} */
  public boolean includeUsage() {
    return json.path("stream_options").path("include_usage").asBoolean(false);
  }

  /** {@return how many answers are asked for} */
  public int choiceCount() {
    return json.path("n").asInt(1);
  }

  public OptionalDouble temperature() {
    JsonNode value = json.path("temperature");
    return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
  }

  /**
   * {@return the limit on output tokens, under its new name or its old one} From 0 to {@link
   * Usage#TOKENS_MAX}, whatever it says.
   */
  public OptionalLong outputTokensMax() {
    JsonNode value = json.path("max_completion_tokens");
    if (!value.isNumber()) {
      value = json.path("max_tokens");
    }
    return value.isNumber()
        ? OptionalLong.of(Math.clamp((long) value.doubleValue(), 0, Usage.TOKENS_MAX))
        : OptionalLong.empty();
  }

  /** {@return whether the model may call tools, so that its answer may have effects} */
  public boolean hasTools() {
    return !json.path("tools").isEmpty() || !json.path("functions").isEmpty();
  }

  /** {@return the model and sizes only: prompts do not belong into logs} */
  @Override
  public String toString() {
    return "ChatRequest["
        + model()
        + ", "
        + messages.size()
        + " messages, "
        + body().length
        + " B]";
  }
}
