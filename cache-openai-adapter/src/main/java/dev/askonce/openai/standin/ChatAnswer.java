package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer in both of its published shapes.
 *
 * @param id of the completion
 * @param created seconds since 1970
 * @param fault what is odd about it
 */
record ChatAnswer(
    ChatRequest request, String id, long created, String content, Usage usage, Fault fault) {
  private static final int CHUNK_CHARS = 12;

  private String finishReason() {
    return switch (fault) {
      case LENGTH -> "length";
      case CONTENT_FILTER -> "content_filter";
      case TOOL_CALLS -> "tool_calls";
      default -> "stop";
    };
  }

  /** {@return the {@code chat.completion} object} */
  ObjectNode completion() {
    ObjectNode root = head("chat.completion");
    ObjectNode choice = root.withArray("choices").addObject();
    choice.put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    boolean silent = fault == Fault.TOOL_CALLS || fault == Fault.REFUSAL;
    message.put("content", silent ? null : content);
    message.put("refusal", fault == Fault.REFUSAL ? content : null);
    message.putArray("annotations");
    if (fault == Fault.TOOL_CALLS) {
      addToolCall(message, false);
    }
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason());
    root.set("usage", usage.toJson());
    return root;
  }

  /** {@return the {@code chat.completion.chunk} objects in their order} */
  List<ObjectNode> chunks() {
    List<ObjectNode> chunks = new ArrayList<>();
    ObjectNode first = Json.MAPPER.createObjectNode().put("role", "assistant").put("content", "");
    chunks.add(chunk(first.putNull("refusal"), null));
    if (fault == Fault.TOOL_CALLS) {
      ObjectNode delta = Json.MAPPER.createObjectNode();
      addToolCall(delta, true);
      chunks.add(chunk(delta, null));
    } else {
      String field = fault == Fault.REFUSAL ? "refusal" : "content";
      for (String piece : pieces(content)) {
        chunks.add(chunk(Json.MAPPER.createObjectNode().put(field, piece), null));
      }
    }
    chunks.add(chunk(Json.MAPPER.createObjectNode(), finishReason()));
    if (request.includeUsage()) {
      chunks.forEach(chunk -> chunk.putNull("usage"));
      ObjectNode last = head("chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage.toJson());
      chunks.add(last);
    }
    return chunks;
  }

  /** {@return a text in the pieces of a stream, none of which splits a surrogate pair} */
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = Math.min(start + CHUNK_CHARS, text.length());
      end += end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  private ObjectNode chunk(ObjectNode delta, String finishReason) {
    ObjectNode root = head("chat.completion.chunk");
    ObjectNode choice = root.withArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason);
    return root;
  }

  private ObjectNode head(String object) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("id", id).put("object", object).put("created", created).put("model", request.model());
    return root.put("service_tier", "default");
  }

  private static void addToolCall(ObjectNode message, boolean indexed) {
    ObjectNode call = message.withArray("tool_calls").addObject();
    if (indexed) {
      call.put("index", 0);
    }
    call.put("id", "call_1").put("type", "function");
    call.putObject("function").put("name", "act").put("arguments", "{}");
  }
}
