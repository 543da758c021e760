package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;

/** An error as the API reports it. The parameter and the code may be null. */
record ApiError(int status, String message, String type, String param, String code) {
  static ApiError invalid(String message, String param) {
    return new ApiError(400, message, "invalid_request_error", param, null);
  }

  static ApiError invalidValue(String field, String value) {
    return new ApiError(
        400,
        "Invalid value: '" + value + "' for '" + field + "'.",
        "invalid_request_error",
        field,
        "invalid_value");
  }

  static ApiError notFound(String path) {
    return new ApiError(404, "Invalid URL (" + path + ")", "invalid_request_error", null, null);
  }

  ObjectNode json() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return root;
  }
}
