package dev.askonce.optimizer.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * One answer in the other of its two forms: a completion as a stream of chunks and back. Fields
 * that are not known here are carried over.
 */
final class ReplyForm {
  private static final byte[] EVENT_START = "data: ".getBytes(StandardCharsets.UTF_8);
  private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

  private static final Set<String> CHOICE_FIELDS =
      Set.of("index", "message", "delta", "logprobs", "finish_reason");

  private ReplyForm() {}

  /**
   * {@return a completion as the events of a stream}: who speaks, the text, the end, where wanted
   * the usage, and the mark of completeness
   */
  static byte[] stream(byte[] completion, Usage usage, boolean includeUsage) throws IOException {
    ObjectNode head = object(Json.MAPPER.readTree(completion));
    JsonNode choice = head.path("choices").path(0);
    if (!(choice.path("message") instanceof ObjectNode message)) {
      throw new IOException("a completion without a message");
    }
    head.remove("choices");
    head.remove("usage");
    head.put("object", "chat.completion.chunk");
    ObjectNode delta = message.deepCopy();
    JsonNode content = delta.path("content");
    delta.put("content", "");
    ByteArrayOutputStream out = new ByteArrayOutputStream(completion.length + 1024);
    writeChunk(out, head, delta, null, null);
    writeChunk(out, head, head.objectNode().set("content", content), choice.get("logprobs"), null);
    writeLast(out, head, choice);
    if (includeUsage) {
      writeUsage(out, head, usage);
    }
    out.writeBytes(DONE);
    return out.toByteArray();
  }

  private static void writeChunk(
      ByteArrayOutputStream out,
      ObjectNode head,
      JsonNode delta,
      JsonNode logprobs,
      JsonNode finishReason)
      throws IOException {
    ObjectNode choice = head.objectNode().put("index", 0);
    choice.set("delta", delta);
    choice.set("logprobs", logprobs);
    choice.set("finish_reason", finishReason);
    ObjectNode chunk = head.objectNode().setAll(head);
    chunk.putArray("choices").add(choice);
    writeEvent(out, chunk);
  }

  /** Writes the chunk that ends an answer, with what else its provider says of it. */
  private static void writeLast(ByteArrayOutputStream out, ObjectNode head, JsonNode choice)
      throws IOException {
    ObjectNode last = head.objectNode().put("index", 0);
    last.set("delta", head.objectNode());
    last.putNull("logprobs");
    last.set("finish_reason", choice.get("finish_reason"));
    last.setAll(extras(choice));
    ObjectNode chunk = head.objectNode().setAll(head);
    chunk.putArray("choices").add(last);
    writeEvent(out, chunk);
  }

  /** {@return the fields of a choice that the published API does not name} */
  private static ObjectNode extras(JsonNode choice) {
    ObjectNode extras = Json.MAPPER.createObjectNode();
    for (Map.Entry<String, JsonNode> field : choice.properties()) {
      if (!CHOICE_FIELDS.contains(field.getKey())) {
        extras.set(field.getKey(), field.getValue());
      }
    }
    return extras;
  }

  /**
   * {@return what all chunks of a stream say of themselves, as far as is known} Azure begins a
   * stream with a chunk of filter results that has no id and no model yet.
   */
  private static ObjectNode head(ObjectNode known, ObjectNode chunk) {
    if (known != null && !(isNameless(known) && !isNameless(chunk))) {
      return known;
    }
    ObjectNode head = known == null ? chunk.objectNode() : known;
    JsonNode usage = head.get("usage");
    head.setAll(chunk);
    head.remove("obfuscation");
    if (usage == null) {
      head.remove("usage");
    } else {
      head.set("usage", usage);
    }
    return head;
  }

  private static boolean isNameless(ObjectNode chunk) {
    return chunk.path("id").asText("").isEmpty();
  }

  private static void writeUsage(ByteArrayOutputStream out, ObjectNode head, Usage usage)
      throws IOException {
    ObjectNode chunk = head.objectNode().setAll(head);
    chunk.putArray("choices");
    chunk.set("usage", usage.toJson());
    writeEvent(out, chunk);
  }

  private static void writeEvent(ByteArrayOutputStream out, JsonNode data) throws IOException {
    out.writeBytes(EVENT_START);
    out.writeBytes(Json.MAPPER.writeValueAsBytes(data));
    out.writeBytes(EVENT_END);
  }

  /** {@return the events of a stream as one completion, with the usage if the stream has it} */
  static byte[] completion(byte[] stream) throws IOException {
    ObjectNode head = null;
    ObjectNode message = Json.MAPPER.createObjectNode();
    ObjectNode choice = Json.MAPPER.createObjectNode().put("index", 0);
    EventReader events = EventReader.over(stream);
    for (ChatEvent event = events.next(); event != null; event = events.next()) {
      if (!(event.json() instanceof ObjectNode chunk)) {
        continue;
      }
      head = head(head, chunk);
      if (chunk.hasNonNull("usage")) {
        head.set("usage", chunk.get("usage"));
      }
      JsonNode part = chunk.path("choices").path(0);
      merge(message, part.path("delta"));
      if (part.hasNonNull("finish_reason")) {
        choice.set("finish_reason", part.get("finish_reason"));
      }
      if (part.hasNonNull("logprobs")) {
        merge(choice.withObject("/logprobs"), part.get("logprobs"));
      }
      choice.setAll(extras(part));
    }
    if (head == null) {
      throw new IOException("a stream without chunks");
    }
    if (!choice.has("logprobs")) {
      choice.putNull("logprobs");
    }
    if (!message.has("refusal")) {
      message.putNull("refusal");
    }
    choice.set("message", message);
    head.put("object", "chat.completion");
    head.putArray("choices").add(choice);
    return Json.MAPPER.writeValueAsBytes(head);
  }

  /** Texts are continued, lists are lengthened, and of everything else the last counts. */
  private static void merge(ObjectNode target, JsonNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      JsonNode known = target.get(field.getKey());
      JsonNode more = field.getValue();
      if (known != null && known.isTextual() && more.isTextual() && !isName(field.getKey())) {
        target.put(field.getKey(), known.textValue() + more.textValue());
      } else if (known instanceof ArrayNode list && more instanceof ArrayNode tail) {
        list.addAll(tail);
      } else if (known == null || !more.isNull()) {
        target.set(field.getKey(), more.deepCopy());
      }
    }
  }

  private static boolean isName(String field) {
    return field.equals("role");
  }

  /**
   * {@return the events of a stream, with or without the chunk that carries the usage}
   *
   * @param usage what that chunk says if it has to be added
   */
  static byte[] withUsage(byte[] stream, Usage usage, boolean include) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(stream.length + 512);
    EventReader events = EventReader.over(stream);
    ObjectNode head = null;
    boolean known = false;
    for (ChatEvent event = events.next(); event != null; event = events.next()) {
      if (event.isDone() && include && !known && head != null) {
        writeUsage(out, head, usage);
      } else if (event.json() instanceof ObjectNode chunk) {
        head = head(head, chunk);
        known |= chunk.hasNonNull("usage");
        if (!include && chunk.hasNonNull("usage") && chunk.path("choices").isEmpty()) {
          continue;
        }
      }
      out.writeBytes(event.bytes());
    }
    return out.toByteArray();
  }

  private static ObjectNode object(JsonNode node) throws IOException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("a completion that is no object");
  }
}
