package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * What a reply says, however it was sent: the part of a completion that levers look at.
 *
 * @param model the model that answered, or the empty string
 * @param choiceCount answers in it
 * @param finishReason why the first answer ended; empty if it did not
 * @param content text of the first answer
 * @param refused whether the model refused in so many words
 * @param toolCalls whether the answer calls a tool or function, or speaks
 * @param usage the provider's own count, where it gave one
 * @param serviceTier the tier that answered, as far as the reply says
 * @param broken whether it holds an error object or cannot be read
 */
public record Completion(
    String model,
    int choiceCount,
    Optional<String> finishReason,
    String content,
    boolean refused,
    boolean toolCalls,
    Optional<Usage> usage,
    ServiceTier serviceTier,
    boolean broken) {

  private static final Completion UNREADABLE =
      new Completion(
          "", 0, Optional.empty(), "", false, false, Optional.empty(), ServiceTier.STANDARD, true);

  /** {@return what the JSON of a reply that is no stream says} */
  public static Completion parse(byte[] body) {
    try {
      return of(Json.TREES.readTree(body));
    } catch (IOException e) {
      return UNREADABLE;
    }
  }

  private static Completion of(JsonNode json) {
    JsonNode choices = json.path("choices");
    JsonNode choice = choices.path(0);
    JsonNode message = choice.path("message");
    return new Completion(
        json.path("model").asText(""),
        choices.size(),
        Optional.ofNullable(choice.path("finish_reason").textValue()),
        text(message.path("content")),
        isRefusal(message),
        callsTools(message),
        Usage.read(json.get("usage")),
        ServiceTier.of(json),
        json.hasNonNull("error") || !choices.isArray());
  }

  /** {@return the text of a content that is a string, and nothing for null} */
  static String text(JsonNode content) {
    return content.isTextual() ? content.textValue() : "";
  }

  static boolean isRefusal(JsonNode messageOrDelta) {
    return !text(messageOrDelta.path("refusal")).isEmpty();
  }

  static boolean callsTools(JsonNode messageOrDelta) {
    return !messageOrDelta.path("tool_calls").isEmpty()
        || messageOrDelta.hasNonNull("function_call")
        || messageOrDelta.hasNonNull("audio");
  }

  /** {@return sizes only: answers do not belong into logs} */
  @Override
  public String toString() {
    return "Completion[" + model + ", " + content.length() + " chars, " + finishReason + "]";
  }
}
