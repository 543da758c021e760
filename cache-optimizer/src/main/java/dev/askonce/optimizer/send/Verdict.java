package dev.askonce.optimizer.send;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is to be done about a reply. */
enum Verdict {
  /** It is an answer, or an error that every try would have. */
  RETURN,
  /** The trouble may pass. */
  RETRY,
  /** This target will not do; another may. */
  NEXT,
  /** The account is used up: another model of the same provider will not do either. */
  ELSEWHERE,
  /** The request is too long for this model. */
  LARGER;

  private static final int BAD_REQUEST = 400;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CONFLICT = 409;
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /**
   * {@return the verdict on a reply}
   *
   * @param asCame whether the request was the caller's own: its mistakes are for the caller to
   *     know, those of a fallback are ours
   */
  static Verdict of(int status, Map<String, List<String>> headers, byte[] body, boolean asCame) {
    if (status < BAD_REQUEST) {
      return RETURN;
    }
    JsonNode error = error(body);
    if (status == TOO_MANY_REQUESTS && isUsedUp(error)) {
      return ELSEWHERE;
    }
    if ((status == BAD_REQUEST || status == CONTENT_TOO_LARGE) && isTooLong(error)) {
      return LARGER;
    }
    Optional<Boolean> told = ShouldRetry.of(headers);
    boolean passes =
        status == REQUEST_TIMEOUT
            || status == CONFLICT
            || status == TOO_EARLY
            || status == TOO_MANY_REQUESTS
            || status >= SERVER_ERROR;
    if (told.orElse(passes)) {
      return RETRY;
    }
    return passes || !asCame ? NEXT : RETURN;
  }

  private static JsonNode error(byte[] body) {
    try {
      return Json.MAPPER.readTree(body).path("error");
    } catch (IOException e) {
      return Json.MAPPER.missingNode();
    }
  }

  private static boolean isUsedUp(JsonNode error) {
    String words = error.path("code").asText("") + " " + error.path("type").asText("");
    return words.contains("insufficient_quota") || words.contains("billing_");
  }

  private static boolean isTooLong(JsonNode error) {
    String message = error.path("message").asText("").toLowerCase(Locale.ROOT);
    return error.path("code").asText("").equals("context_length_exceeded")
        || message.contains("maximum context length")
        || message.contains("context window")
        || message.contains("prompt is too long");
  }
}
