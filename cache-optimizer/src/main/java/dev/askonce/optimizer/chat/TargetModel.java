package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A model that a request may be sent to in place of the one it names, and what that model demands.
 *
 * @param name as the provider knows it
 * @param dialect which fields it takes
 * @param inputTokensMax the longest input it reads, or 0 where nobody said
 */
public record TargetModel(String name, Dialect dialect, long inputTokensMax) {
  /** What a family of models takes of a request, as its provider documents it. */
  public enum Dialect {
    /** All fields, the limit on output tokens under either name. */
    CHAT,
    /** As {@link #CHAT}, of a server that knows {@code max_tokens} and system messages only. */
    CHAT_OLD_NAMES,
    /**
     * Deliberates before it answers: no temperature and the like, and a limit under the new name
     * only, which counts the deliberation too.
     */
    REASONING,
    /** As {@link #REASONING}, without system messages, tools and formats. */
    REASONING_PLAIN
  }

  /**
   * Output tokens that are allowed for deliberation on top of a {@code max_tokens}, which means
   * visible ones: what OpenAI's guide on reasoning models says to set aside.
   */
  public static final long REASONING_TOKENS = 25_000;

  /** No text has fewer bytes a token for long, so an input is not held for shorter than it is. */
  private static final long BYTES_PER_TOKEN = 3;

  private static final String LIMIT = "max_completion_tokens";
  private static final String OLD_LIMIT = "max_tokens";
  private static final List<String> SAMPLING =
      List.of("temperature", "top_p", "presence_penalty", "frequency_penalty");
  private static final List<String> NO_SAMPLING =
      List.of("logprobs", "top_logprobs", "logit_bias", "stop", "prediction", "audio");
  private static final List<String> NOT_PLAIN =
      List.of("tools", "functions", "response_format", "tool_choice");

  public TargetModel {
    if (name.isBlank()) {
      throw new ChatException.InvalidSetting("a model's name is blank");
    }
    if (inputTokensMax < 0) {
      throw new ChatException.InvalidSetting("inputTokensMax " + inputTokensMax + " is negative");
    }
  }

  /** {@return the model of a name, with the dialect that its name tells} */
  public static TargetModel of(String name) {
    return new TargetModel(name, dialect(name), 0);
  }

  private static Dialect dialect(String name) {
    String base = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (base.startsWith("o1-mini") || base.startsWith("o1-preview")) {
      return Dialect.REASONING_PLAIN;
    }
    boolean reasons =
        base.matches("o[134](-.*)?") || (base.startsWith("gpt-5") && !base.contains("-chat"));
    return reasons ? Dialect.REASONING : Dialect.CHAT;
  }

  public TargetModel dialect(Dialect value) {
    return new TargetModel(name, value, inputTokensMax);
  }

  /** {@return this model, known to read at most so many tokens} */
  public TargetModel inputTokensMax(long value) {
    return new TargetModel(name, dialect, value);
  }

  /** {@return whether a request names this model; a pinned version of it is another one} */
  public boolean isAskedBy(ChatRequest request) {
    return name.equalsIgnoreCase(request.model());
  }

  /**
   * {@return the request to this model, or empty where it takes no such request}
   *
   * <p>Fields that shape sampling are dropped where the model has none of that; a field that the
   * caller reads something from, such as {@code logprobs}, or that changes what an answer is, such
   * as {@code stop}, is not: then there is no such request.
   */
  public Optional<ChatRequest> fit(ChatRequest request) {
    ObjectNode json = request.json();
    boolean reasons = dialect == Dialect.REASONING || dialect == Dialect.REASONING_PLAIN;
    boolean fits =
        (inputTokensMax == 0 || request.body().length / BYTES_PER_TOKEN <= inputTokensMax)
            && !(reasons && hasAny(json, NO_SAMPLING))
            && !(dialect == Dialect.REASONING_PLAIN && hasAny(json, NOT_PLAIN));
    return fits ? Optional.of(request.edited(this::rewrite)) : Optional.empty();
  }

  private static boolean hasAny(ObjectNode json, List<String> fields) {
    for (String field : fields) {
      JsonNode value = json.path(field);
      boolean says = value.isContainerNode() ? !value.isEmpty() : json.hasNonNull(field);
      if (says && !(value.isBoolean() && !value.booleanValue())) {
        return true;
      }
    }
    return false;
  }

  private void rewrite(ObjectNode fields) {
    fields.put("model", name);
    switch (dialect) {
      case CHAT -> fields.remove(List.of("reasoning_effort", "verbosity"));
      case CHAT_OLD_NAMES -> {
        fields.remove(List.of("reasoning_effort", "verbosity"));
        rename(fields, LIMIT, OLD_LIMIT, 0);
        speakAs(fields, List.of("developer"), "system");
      }
      case REASONING -> toReasoning(fields);
      case REASONING_PLAIN -> {
        toReasoning(fields);
        fields.remove("reasoning_effort");
        speakAs(fields, List.of("system", "developer"), "user");
      }
    }
  }

  private static void toReasoning(ObjectNode fields) {
    fields.remove(SAMPLING);
    fields.remove(NO_SAMPLING);
    rename(fields, OLD_LIMIT, LIMIT, REASONING_TOKENS);
  }

  /** Moves a limit to its other name, where it says nothing yet. */
  private static void rename(ObjectNode fields, String from, String to, long more) {
    JsonNode limit = fields.remove(from);
    if (limit != null && limit.isNumber() && !fields.hasNonNull(to)) {
      fields.put(to, limit.longValue() + more);
    }
  }

  private static void speakAs(ObjectNode fields, List<String> roles, String role) {
    if (!(fields.get("messages") instanceof ArrayNode messages)) {
      return;
    }
    ArrayNode changed = fields.arrayNode(messages.size());
    for (JsonNode message : messages) {
      boolean meant = roles.contains(message.path("role").asText(""));
      changed.add(
          meant && message instanceof ObjectNode object
              ? object.objectNode().<ObjectNode>setAll(object).set("role", new TextNode(role))
              : message);
    }
    fields.set("messages", changed);
  }
}
