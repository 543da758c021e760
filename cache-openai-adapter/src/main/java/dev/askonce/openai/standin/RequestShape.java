package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the API accepts as a request, as far as the stand-in serves it. */
final class RequestShape {
  private static final int CHOICES_MAX = 128;
  private static final int INPUTS_MAX = 2048;

  private static final Set<String> ROLES =
      Set.of("developer", "system", "user", "assistant", "tool", "function");
  private static final Set<String> PARTS =
      Set.of("text", "image_url", "input_audio", "file", "refusal");

  /** Fields whose values are of a fixed set. */
  private static final Map<String, Set<String>> ENUMS =
      Map.of(
          "reasoning_effort", Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
          "verbosity", Set.of("low", "medium", "high"),
          "service_tier", Set.of("auto", "default", "flex", "scale", "priority", "fast"),
          "prompt_cache_retention", Set.of("in_memory", "in-memory", "24h"));

  private static final Set<String> RESPONSE_FORMATS = Set.of("text", "json_object", "json_schema");

  private static final Set<String> NUMBERS =
      Set.of("temperature", "top_p", "presence_penalty", "frequency_penalty");
  private static final Set<String> INTEGERS =
      Set.of("n", "seed", "max_tokens", "max_completion_tokens", "top_logprobs");
  private static final Set<String> BOOLEANS =
      Set.of("stream", "store", "logprobs", "parallel_tool_calls");

  /** Further fields; one that is in no set is refused, as the API refuses it. */
  private static final Set<String> OTHERS =
      Set.of(
          "model",
          "messages",
          "stream_options",
          "stop",
          "tools",
          "tool_choice",
          "functions",
          "function_call",
          "response_format",
          "user",
          "metadata",
          "logit_bias",
          "modalities",
          "audio",
          "prediction",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_options",
          "web_search_options",
          "moderation");

  private RequestShape() {}

  /** {@return what is wrong with a request for a chat completion, if anything is} */
  static Optional<ApiError> chat(JsonNode request) {
    if (!request.path("model").isTextual()) {
      return missing("model");
    }
    JsonNode messages = request.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      return missing("messages");
    }
    for (int i = 0; i < messages.size(); i++) {
      Optional<ApiError> error = message(messages.get(i), "messages[" + i + "]");
      if (error.isPresent()) {
        return error;
      }
    }
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      if (!field.getValue().isNull()) {
        Optional<ApiError> error = field(field.getKey(), field.getValue());
        if (error.isPresent()) {
          return error;
        }
      }
    }
    return RequestRules.chat(request);
  }

  private static Optional<ApiError> missing(String field) {
    return Optional.of(ApiError.invalid("Missing required parameter: '" + field + "'.", field));
  }

  private static Optional<ApiError> message(JsonNode message, String path) {
    String role = message.path("role").asText();
    if (!ROLES.contains(role)) {
      return Optional.of(ApiError.invalidValue(path + ".role", role));
    }
    JsonNode content = message.path("content");
    if (content.isArray()) {
      for (JsonNode part : content) {
        String type = part.path("type").asText();
        if (!PARTS.contains(type)) {
          return Optional.of(ApiError.invalidValue(path + ".content.type", type));
        }
      }
      return content.isEmpty() ? missing(path + ".content") : Optional.empty();
    }
    return content.isTextual() || role.equals("assistant")
        ? Optional.empty()
        : missing(path + ".content");
  }

  private static Optional<ApiError> field(String name, JsonNode value) {
    if (ENUMS.containsKey(name)) {
      return ENUMS.get(name).contains(value.asText())
          ? Optional.empty()
          : Optional.of(ApiError.invalidValue(name, value.asText()));
    }
    if (NUMBERS.contains(name)) {
      return expect(value.isNumber() && Math.abs(value.doubleValue()) <= 2, name, value);
    }
    if (INTEGERS.contains(name)) {
      boolean inRange =
          !name.equals("n") || (value.intValue() >= 1 && value.intValue() <= CHOICES_MAX);
      return expect(value.isIntegralNumber() && inRange, name, value);
    }
    if (BOOLEANS.contains(name)) {
      return expect(value.isBoolean(), name, value);
    }
    if (name.equals("response_format")) {
      String type = value.path("type").asText();
      return expect(RESPONSE_FORMATS.contains(type), "response_format.type", value.path("type"));
    }
    return OTHERS.contains(name)
        ? Optional.empty()
        : Optional.of(ApiError.invalid("Unrecognized request argument supplied: " + name, null));
  }

  private static Optional<ApiError> expect(boolean valid, String field, JsonNode value) {
    return valid ? Optional.empty() : Optional.of(ApiError.invalidValue(field, value.asText()));
  }

  /** {@return what is wrong with a request for embeddings, if anything is} */
  static Optional<ApiError> embeddings(JsonNode request) {
    if (!request.path("model").isTextual()) {
      return missing("model");
    }
    JsonNode input = request.path("input");
    if (!input.isTextual() && !input.isArray()) {
      return missing("input");
    }
    if (input.size() > INPUTS_MAX || (input.isArray() && input.isEmpty())) {
      return Optional.of(ApiError.invalidValue("input", input.size() + " items"));
    }
    if (input.isTextual() && input.textValue().isEmpty()) {
      return Optional.of(ApiError.invalidValue("input", ""));
    }
    for (JsonNode text : input) {
      if (!text.isTextual() || text.textValue().isEmpty()) {
        return Optional.of(ApiError.invalidValue("input", text.asText()));
      }
    }
    JsonNode format = request.path("encoding_format");
    return format.isMissingNode() || Set.of("float", "base64").contains(format.asText())
        ? Optional.empty()
        : Optional.of(ApiError.invalidValue("encoding_format", format.asText()));
  }
}
