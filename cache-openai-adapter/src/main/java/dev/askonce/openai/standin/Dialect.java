package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose server the stand-in speaks like: what it adds to the API's shapes and what it leaves out.
 * Clients of the API must take all of them.
 */
public enum Dialect {
  /** The published shapes. */
  OPENAI,
  /**
   * Azure: a deployment in the path and a version in the query; filter results everywhere, and a
   * first chunk that has nothing else; errors of a code and a message.
   */
  AZURE {
    @Override
    ObjectNode completion(ObjectNode completion) {
      completion.put("model", SERVED_BY_AZURE).put("system_fingerprint", "fp_azure");
      completion.set("prompt_filter_results", filterResults());
      for (JsonNode choice : completion.path("choices")) {
        ((ObjectNode) choice).putObject("content_filter_results");
      }
      return completion;
    }

    @Override
    List<ObjectNode> chunks(List<ObjectNode> chunks) {
      List<ObjectNode> all = new ArrayList<>();
      ObjectNode first = Json.MAPPER.createObjectNode();
      first.putArray("choices");
      first.put("created", 0).put("id", "").put("model", "").put("object", "");
      first.set("prompt_filter_results", filterResults());
      all.add(first);
      for (ObjectNode chunk : chunks) {
        chunk.put("model", SERVED_BY_AZURE);
        for (JsonNode choice : chunk.path("choices")) {
          ((ObjectNode) choice).putObject("content_filter_results");
        }
        all.add(chunk);
      }
      return all;
    }

    private static JsonNode filterResults() {
      ObjectNode result = Json.MAPPER.createObjectNode().put("prompt_index", 0);
      result.putObject("content_filter_results");
      return Json.MAPPER.createArrayNode().add(result);
    }

    @Override
    ObjectNode error(ApiError error) {
      ObjectNode root = Json.MAPPER.createObjectNode();
      String code = error.code() == null ? Integer.toString(error.status()) : error.code();
      root.putObject("error").put("code", code).put("message", error.message());
      return root;
    }
  },
  /** vLLM: fields of its own, thoughts beside the answer, usage without details, flat errors. */
  VLLM {
    @Override
    ObjectNode completion(ObjectNode completion) {
      completion.remove("service_tier");
      completion.putNull("prompt_logprobs").putNull("kv_transfer_params");
      for (JsonNode choice : completion.path("choices")) {
        ((ObjectNode) choice).putNull("stop_reason");
        ObjectNode message = (ObjectNode) choice.path("message");
        message.remove(List.of("refusal", "annotations"));
        message.put("reasoning_content", THOUGHTS).putArray("tool_calls");
      }
      plainUsage(completion);
      return completion;
    }

    @Override
    List<ObjectNode> chunks(List<ObjectNode> chunks) {
      for (ObjectNode chunk : chunks) {
        chunk.remove("service_tier");
        plainUsage(chunk);
      }
      JsonNode first = chunks.getFirst().path("choices").path(0).path("delta");
      ((ObjectNode) first).put("reasoning_content", THOUGHTS).remove("refusal");
      return chunks;
    }

    @Override
    ObjectNode error(ApiError error) {
      return Json.MAPPER
          .createObjectNode()
          .put("object", "error")
          .put("message", error.message())
          .put("type", "BadRequestError")
          .putNull("param")
          .put("code", error.status());
    }
  },
  /**
   * Ollama: no log probabilities and no refusals, a role in each chunk, vectors as numbers only.
   */
  OLLAMA {
    @Override
    ObjectNode completion(ObjectNode completion) {
      completion.remove("service_tier");
      completion.put("system_fingerprint", "fp_ollama");
      for (JsonNode choice : completion.path("choices")) {
        ((ObjectNode) choice).remove("logprobs");
        ((ObjectNode) choice.path("message")).remove(List.of("refusal", "annotations"));
      }
      plainUsage(completion);
      return completion;
    }

    @Override
    List<ObjectNode> chunks(List<ObjectNode> chunks) {
      for (ObjectNode chunk : chunks) {
        chunk.remove("service_tier");
        chunk.put("system_fingerprint", "fp_ollama");
        for (JsonNode choice : chunk.path("choices")) {
          ((ObjectNode) choice).remove("logprobs");
          ObjectNode delta = (ObjectNode) choice.path("delta");
          delta.remove("refusal");
          delta.put("role", "assistant").put("content", delta.path("content").asText(""));
        }
        plainUsage(chunk);
      }
      return chunks;
    }
  };

  private static final String SERVED_BY_AZURE = "gpt-4o-2024-11-20";
  private static final String THOUGHTS = "Let me see.";

  private static void plainUsage(ObjectNode reply) {
    if (reply.path("usage") instanceof ObjectNode usage) {
      usage.remove(List.of("prompt_tokens_details", "completion_tokens_details"));
    }
  }

  ObjectNode completion(ObjectNode completion) {
    return completion;
  }

  List<ObjectNode> chunks(List<ObjectNode> chunks) {
    return chunks;
  }

  ObjectNode error(ApiError error) {
    return error.json();
  }

  /** {@return whether a request with a field that the API does not know is refused} */
  boolean refusesUnknownFields() {
    return this == OPENAI || this == AZURE;
  }

  /** {@return whether vectors come in base64 if they are asked for so} */
  boolean knowsBase64() {
    return this != OLLAMA;
  }
}
