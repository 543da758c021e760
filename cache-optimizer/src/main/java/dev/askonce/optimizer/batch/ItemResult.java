package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;
import java.util.Locale;

/**
 * What became of one request of a job.
 *
 * @param source who answered
 * @param attempt in which of the job's tries, from 1; 0 for the cache
 * @param status the HTTP status of the answer, 0 where there is none
 * @param requestId the provider's, or empty
 * @param body the answer, or a null node
 * @param errorCode why there is no answer, such as {@code batch_expired}; empty where there is one
 * @param errorMessage the provider's words, or empty
 */
public record ItemResult(
    Source source,
    int attempt,
    int status,
    String requestId,
    JsonNode body,
    String errorCode,
    String errorMessage) {
  static final String EXPIRED = "batch_expired";
  static final String CANCELLED = "batch_cancelled";
  static final String MISSING = "missing";
  static final String REFUSED = "batch_refused";

  private static final int OK = 200;

  /** Who answered a request. */
  public enum Source {
    BATCH,
    CACHE,
    /** An equal request of the same job. */
    DUPLICATE;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static ItemResult failed(int attempt, String code, String message) {
    return new ItemResult(Source.BATCH, attempt, 0, "", NullNode.getInstance(), code, message);
  }

  static ItemResult cached(JsonNode body) {
    return new ItemResult(Source.CACHE, 0, OK, "", body, "", "");
  }

  /** {@return whether the model answered} */
  public boolean isAnswer() {
    return status == OK && errorCode.isEmpty();
  }

  /** {@return whether another try may bring an answer} */
  boolean isRetryable() {
    return !isAnswer()
        && (errorCode.equals(EXPIRED)
            || errorCode.equals(MISSING)
            || status == 408
            || status == 409
            || status == 429
            || status >= 500);
  }

  ItemResult asDuplicate() {
    return new ItemResult(
        Source.DUPLICATE, attempt, status, requestId, body, errorCode, errorMessage);
  }

  /** {@return a line of a provider's output or error file} */
  static ItemResult read(JsonNode line, int attempt) {
    JsonNode response = line.path("response");
    JsonNode error = line.path("error");
    boolean answered = response.isObject();
    return new ItemResult(
        Source.BATCH,
        attempt,
        response.path("status_code").asInt(0),
        response.path("request_id").asText(""),
        answered ? response.path("body") : NullNode.getInstance(),
        error.isObject() ? error.path("code").asText(answered ? "" : MISSING) : missing(answered),
        error.path("message").asText(""));
  }

  private static String missing(boolean answered) {
    return answered ? "" : MISSING;
  }

  /** {@return the line of a result file in the provider's form, with who answered} */
  public ObjectNode toLine(String id) {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("custom_id", id);
    if (status > 0) {
      ObjectNode response = line.putObject("response");
      response.put("status_code", status).put("request_id", requestId).set("body", body);
    } else {
      line.putNull("response");
    }
    if (errorCode.isEmpty()) {
      line.putNull("error");
    } else {
      line.putObject("error").put("code", errorCode).put("message", errorMessage);
    }
    return line.put("source", source.label());
  }

  /** {@return no answer's text} */
  @Override
  public String toString() {
    return "ItemResult[" + source + ", attempt " + attempt + ", " + status + " " + errorCode + "]";
  }
}
