package dev.askonce.openai.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer in the shapes of the endpoints beside chat completions: responses and the older
 * completions.
 *
 * @param request as it came
 * @param created seconds since 1970
 */
record TextAnswer(JsonNode request, String id, long created, String content, Usage usage) {
  /** {@return what the responder is to be asked: the chat that a request amounts to} */
  static ChatRequest asChat(JsonNode request) throws JsonProcessingException {
    ObjectNode chat = Json.MAPPER.createObjectNode();
    chat.put("model", request.path("model").asText());
    ArrayNode messages = chat.putArray("messages");
    if (request.hasNonNull("instructions")) {
      messages.addObject().put("role", "system").set("content", request.get("instructions"));
    }
    JsonNode input = request.has("input") ? request.get("input") : request.path("prompt");
    if (input.isTextual()) {
      messages.addObject().put("role", "user").set("content", input);
    } else {
      for (JsonNode item : input) {
        addMessage(messages, item);
      }
    }
    return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(chat));
  }

  private static void addMessage(ArrayNode messages, JsonNode item) {
    StringBuilder text = new StringBuilder(item.path("content").asText(""));
    for (JsonNode part : item.path("content")) {
      text.append(part.path("text").asText(""));
    }
    messages
        .addObject()
        .put("role", item.path("role").asText("user"))
        .put("content", text.toString());
  }

  /** {@return the {@code response} object} */
  ObjectNode response() {
    ObjectNode root = responseHead("completed");
    root.putArray("output").add(item("completed", true));
    ObjectNode tokens = root.putObject("usage");
    tokens.put("input_tokens", usage.input());
    tokens
        .putObject("input_tokens_details")
        .put("cached_tokens", usage.cachedInput())
        .put("cache_write_tokens", 0);
    tokens.put("output_tokens", usage.output());
    tokens.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
    tokens.put("total_tokens", usage.input() + usage.output());
    return root;
  }

  private ObjectNode responseHead(String status) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("id", id).put("object", "response").put("created_at", created).put("status", status);
    root.putNull("error").putNull("incomplete_details").putNull("instructions");
    root.set("model", request.path("model"));
    root.putArray("output");
    root.put("parallel_tool_calls", true).put("temperature", 1.0).put("top_p", 1.0);
    root.put("tool_choice", "auto").putArray("tools");
    root.putObject("metadata");
    return root;
  }

  private ObjectNode item(String status, boolean withText) {
    ObjectNode item = Json.MAPPER.createObjectNode();
    item.put("type", "message").put("id", "msg_" + id).put("status", status);
    item.put("role", "assistant");
    ArrayNode parts = item.putArray("content");
    if (withText) {
      parts.add(part(content));
    }
    return item;
  }

  private static ObjectNode part(String text) {
    ObjectNode part = Json.MAPPER.createObjectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  /** {@return the events of a response's stream in their order} */
  List<ObjectNode> responseEvents() {
    List<ObjectNode> events = new ArrayList<>();
    event(events, "response.created").set("response", responseHead("in_progress"));
    ObjectNode added = event(events, "response.output_item.added").put("output_index", 0);
    added.set("item", item("in_progress", false));
    inText(event(events, "response.content_part.added")).set("part", part(""));
    for (String piece : ChatAnswer.pieces(content)) {
      ObjectNode delta = inText(event(events, "response.output_text.delta")).put("delta", piece);
      delta.putArray("logprobs");
    }
    ObjectNode text = inText(event(events, "response.output_text.done")).put("text", content);
    text.putArray("logprobs");
    inText(event(events, "response.content_part.done")).set("part", part(content));
    ObjectNode done = event(events, "response.output_item.done").put("output_index", 0);
    done.set("item", item("completed", true));
    event(events, "response.completed").set("response", response());
    return events;
  }

  private static ObjectNode event(List<ObjectNode> events, String type) {
    ObjectNode event = Json.MAPPER.createObjectNode().put("type", type);
    events.add(event.put("sequence_number", events.size()));
    return event;
  }

  private ObjectNode inText(ObjectNode event) {
    return event.put("item_id", "msg_" + id).put("output_index", 0).put("content_index", 0);
  }

  /** {@return the {@code text_completion} object} */
  ObjectNode completion() {
    ObjectNode root = completionHead(content, "stop");
    root.set("usage", usage.toJson());
    return root;
  }

  /** {@return the chunks of a completion's stream, the usage last if it is asked for} */
  List<ObjectNode> completionChunks() {
    List<ObjectNode> chunks = new ArrayList<>();
    for (String piece : ChatAnswer.pieces(content)) {
      chunks.add(completionHead(piece, null));
    }
    chunks.add(completionHead("", "stop"));
    if (request.path("stream_options").path("include_usage").asBoolean()) {
      ObjectNode last = completionHead("", null);
      last.putArray("choices");
      last.set("usage", usage.toJson());
      chunks.add(last);
    }
    return chunks;
  }

  private ObjectNode completionHead(String text, String finishReason) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("id", id).put("object", "text_completion").put("created", created);
    root.set("model", request.path("model"));
    ObjectNode choice = root.putArray("choices").addObject();
    choice.put("text", text).put("index", 0).putNull("logprobs");
    choice.put("finish_reason", finishReason);
    return root;
  }
}
