package dev.askonce.openai;

import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An endpoint that bills tokens. All but the first pass through untouched and are booked. */
enum BilledEndpoint {
  CHAT_COMPLETIONS,
  /** The older completions of one text. */
  COMPLETIONS,
  RESPONSES,
  EMBEDDINGS;

  /** {@return the name of this part of the API} */
  String api() {
    return this == CHAT_COMPLETIONS ? "chat/completions" : name().toLowerCase(Locale.ROOT);
  }

  /** {@return the endpoint that a request is for, by the end of its path} */
  static Optional<BilledEndpoint> of(HttpRequest request) {
    List<String> path = request.pathSegments();
    if (request.method() != HttpMethod.POST || request.body() == null || path.isEmpty()) {
      return Optional.empty();
    }
    boolean chat = path.size() >= 2 && path.get(path.size() - 2).equals("chat");
    return switch (path.getLast()) {
      case "completions" -> Optional.of(chat ? CHAT_COMPLETIONS : COMPLETIONS);
      case "responses" -> Optional.of(RESPONSES);
      case "embeddings" -> Optional.of(EMBEDDINGS);
      default -> Optional.empty();
    };
  }
}
