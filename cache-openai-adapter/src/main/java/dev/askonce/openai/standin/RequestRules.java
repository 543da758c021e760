package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/** What the API refuses though each field by itself is in order. */
final class RequestRules {
  private RequestRules() {}

  /** {@return what is wrong with a chat request of the right shape, if anything is} */
  static Optional<ApiError> chat(JsonNode request) {
    String model = request.path("model").asText();
    if (isReasoning(model) && request.path("max_tokens").isNumber()) {
      return Optional.of(unsupported("max_tokens", "Use 'max_completion_tokens' instead."));
    }
    if (isReasoning(model) && request.hasNonNull("stop")) {
      return Optional.of(unsupported("stop", ""));
    }
    boolean anyJson = request.at("/response_format/type").asText().equals("json_object");
    if (anyJson && !request.path("messages").toString().toLowerCase(Locale.ROOT).contains("json")) {
      return Optional.of(
          ApiError.invalid(
              "'messages' must contain the word 'json' in some form, to use 'response_format' of"
                  + " type 'json_object'.",
              "messages"));
    }
    return Optional.empty();
  }

  private static boolean isReasoning(String model) {
    return model.matches("o[134](-.*)?") || model.matches("gpt-5(?!.*-chat).*");
  }

  private static ApiError unsupported(String field, String advice) {
    String message = "Unsupported parameter: '" + field + "' is not supported with this model. ";
    return new ApiError(
        400, (message + advice).strip(), "invalid_request_error", field, "unsupported_parameter");
  }
}
