package dev.askonce.optimizer.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.cost.JtokkitCounter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/** Checks to put together with {@link DraftCheck#and}, those that cost nothing first. */
public final class DraftChecks {
  /** What a judge of drafts is told. */
  public static final String INSTRUCTION =
      """
      You are shown a task and an answer to it.
      Good: the answer does all that the task asks, is correct, and does not evade.
      Bad: anything else.
      Respond with exactly one word: good or bad.\
      """;

  private static final int JUDGED_CHARS_MAX = 8_000;
  private static final int JUDGE_TOKENS_MAX = 5;

  private DraftChecks() {}

  /**
   * {@return objects to a draft that is cut off, filtered, refused or empty} One that calls a tool
   * is complete. Put it first.
   */
  public static DraftCheck finished() {
    return draft -> {
      Completion completion = draft.completion();
      String reason = completion.finishReason().orElse("");
      if (completion.broken()) {
        return Optional.of("broken");
      }
      if (completion.refused()) {
        return Optional.of("refused");
      }
      if (completion.toolCalls()) {
        return Optional.empty();
      }
      if (!reason.equals("stop")) {
        return Optional.of(reason.equals("length") ? "cut-off" : "unfinished");
      }
      return completion.content().isBlank() ? Optional.of("empty") : Optional.empty();
    };
  }

  /**
   * {@return objects to a draft that is not of the JSON form its request asks for} For {@code
   * json_object} an object, for {@code json_schema} of the schema as far as {@link JsonForm} reads
   * it; to other requests it has no objection.
   */
  public static DraftCheck json() {
    return draft -> {
      JsonNode format = draft.request().json().path("response_format");
      String type = format.path("type").asText("");
      if (!type.startsWith("json") || draft.completion().toolCalls()) {
        return Optional.empty();
      }
      Optional<JsonNode> value = parse(draft.completion().content());
      boolean holds =
          type.equals("json_schema")
              ? value
                  .filter(found -> JsonForm.holds(found, format.path("json_schema").path("schema")))
                  .isPresent()
              : value.filter(JsonNode::isObject).isPresent();
      return holds ? Optional.empty() : Optional.of("json");
    };
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(Json.MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** {@return objects to a draft in which the pattern is nowhere found} */
  public static DraftCheck contains(Pattern pattern) {
    return draft ->
        pattern.matcher(draft.completion().content()).find()
            ? Optional.empty()
            : Optional.of("pattern");
  }

  /** {@return objects to a draft in which the pattern is found, such as "I cannot"} */
  public static DraftCheck lacks(Pattern pattern) {
    return draft ->
        pattern.matcher(draft.completion().content()).find()
            ? Optional.of("pattern")
            : Optional.empty();
  }

  /** {@return objects to a draft of fewer or more characters, white space around it aside} */
  public static DraftCheck length(int charsMin, int charsMax) {
    if (charsMin < 0 || charsMax < charsMin) {
      throw new ChatException.InvalidSetting(
          "no length is from " + charsMin + " to " + charsMax + " characters");
    }
    return draft -> {
      int length = draft.completion().content().strip().length();
      return length < charsMin || length > charsMax ? Optional.of("length") : Optional.empty();
    };
  }

  /**
   * {@return objects where the budget model, asked again, does not say the same}
   *
   * <p>For answers that are one word, a number or a few fields: the same up to case, white space
   * and the marks at the end. Each repetition costs a call of the budget model. Ask at a
   * temperature above 0: at 0 a model agrees with itself too easily.
   *
   * @param repetitions how often it is asked again, 1 to 8
   * @param deadline the longest wait for each
   */
  public static DraftCheck consistent(int repetitions, Duration deadline) {
    return consistent(repetitions, deadline, (a, b) -> plain(a).equals(plain(b)));
  }

  /**
   * {@return objects where the budget model, asked again, does not say the same, as {@code same}
   * tells}
   */
  public static DraftCheck consistent(
      int repetitions, Duration deadline, BiPredicate<String, String> same) {
    if (repetitions < 1 || repetitions > 8) {
      throw new ChatException.InvalidSetting("repetitions " + repetitions + " are not 1 to 8");
    }
    SideCall calls = new SideCall(deadline, new JtokkitCounter());
    return draft -> {
      // Whatever a stream was asked for, here only the whole answer counts.
      ChatRequest again =
          draft.request().edited(fields -> fields.remove(List.of("stream", "stream_options")));
      for (int i = 0; i < repetitions; i++) {
        Optional<Completion> other = calls.ask(draft.next(), again, draft.context());
        if (other
            .filter(said -> same.test(said.content(), draft.completion().content()))
            .isEmpty()) {
          return Optional.of("inconsistent");
        }
      }
      return Optional.empty();
    };
  }

  private static String plain(String text) {
    return text.strip()
        .replaceAll("\\s+", " ")
        .replaceAll("[.!\"'`*]+$|^[\"'`*]+", "")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * {@return objects to a draft that a model does not find good, or has no time to}
   *
   * @param model a good judge and still cheaper than the answer it saves
   * @param deadline the longest wait
   */
  public static DraftCheck judged(TargetModel model, Duration deadline) {
    SideCall calls = new SideCall(deadline, new JtokkitCounter());
    return draft -> {
      String task = Prompts.cut(Prompts.lastOfUser(draft.request()), JUDGED_CHARS_MAX);
      String answer = Prompts.cut(draft.completion().content(), JUDGED_CHARS_MAX);
      String text = "Task:\n" + task + "\n\nAnswer:\n" + answer;
      return model
              .fit(Prompts.ask(model.name(), INSTRUCTION, text, JUDGE_TOKENS_MAX))
              .flatMap(question -> calls.ask(draft.next(), question, draft.context()))
              .filter(said -> said.content().strip().toLowerCase(Locale.ROOT).equals("good"))
              .isPresent()
          ? Optional.empty()
          : Optional.of("judged");
    };
  }
}
