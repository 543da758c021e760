package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Tokens of one call, or a sum of calls.
 *
 * @param input all input tokens, {@code cachedInput} and {@code cacheWrite} among them
 * @param cachedInput input tokens that the provider read from its prompt cache
 * @param cacheWrite input tokens that the provider wrote to its prompt cache
 * @param output all output tokens, {@code reasoning} among them
 * @param reasoning output tokens that the caller does not see
 */
public record Usage(long input, long cachedInput, long cacheWrite, long output, long reasoning) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  public static Usage of(long input, long output) {
    return new Usage(input, 0, 0, output, 0);
  }

  /**
   * {@return the provider's {@code usage} object as tokens; empty where it is absent, null or no
   * object} Missing details are zero.
   */
  public static Optional<Usage> read(JsonNode usage) {
    if (usage == null || !usage.isObject()) {
      return Optional.empty();
    }
    JsonNode inputDetails = usage.path("prompt_tokens_details");
    return Optional.of(
        new Usage(
            tokens(usage, "prompt_tokens"),
            tokens(inputDetails, "cached_tokens"),
            tokens(inputDetails, "cache_write_tokens"),
            tokens(usage, "completion_tokens"),
            tokens(usage.path("completion_tokens_details"), "reasoning_tokens")));
  }

  private static long tokens(JsonNode node, String field) {
    return Math.max(0, node.path(field).asLong(0));
  }

  public Usage plus(Usage other) {
    return new Usage(
        input + other.input,
        cachedInput + other.cachedInput,
        cacheWrite + other.cacheWrite,
        output + other.output,
        reasoning + other.reasoning);
  }

  /** {@return the {@code usage} object of the published API} */
  public ObjectNode toJson() {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    usage.put("prompt_tokens", input);
    usage.put("completion_tokens", output);
    usage.put("total_tokens", input + output);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cachedInput);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", reasoning);
    return usage;
  }
}
