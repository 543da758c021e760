package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Tokens of one call, or a sum of calls.
 *
 * @param input all input tokens, {@code cachedInput}, {@code cacheWrite} and {@code inputAudio}
 *     among them
 * @param cachedInput input tokens that the provider read from its prompt cache
 * @param cacheWrite input tokens that the provider wrote to its prompt cache
 * @param cacheWriteHour those of {@code cacheWrite} that are kept for an hour, not five minutes
 * @param inputAudio input tokens that are sound
 * @param output all output tokens, {@code reasoning} and {@code outputAudio} among them
 * @param reasoning output tokens that the caller does not see
 * @param outputAudio output tokens that are sound
 * @param webSearches searches of the web that the provider made and bills; no tokens
 */
public record Usage(
    long input,
    long cachedInput,
    long cacheWrite,
    long cacheWriteHour,
    long inputAudio,
    long output,
    long reasoning,
    long outputAudio,
    long webSearches) {
  /**
   * The most of anything that a call is believed to have used: a thousand times the longest context
   * there is. A reply that claims more does not say what it used.
   */
  public static final long TOKENS_MAX = 1_000_000_000;

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  /** A usage of text alone, whose cache writes are kept for five minutes. */
  public Usage(long input, long cachedInput, long cacheWrite, long output, long reasoning) {
    this(input, cachedInput, cacheWrite, 0, 0, output, reasoning, 0, 0);
  }

  public static Usage of(long input, long output) {
    return new Usage(input, 0, 0, output, 0);
  }

  /**
   * {@return the provider's {@code usage} object as tokens; empty where it is absent, null, no
   * object, or claims more than {@link #TOKENS_MAX} of anything} Reads the shapes of chat
   * completions, embeddings, responses and Anthropic's messages, whose input leaves out what was
   * cached. Missing details are zero.
   */
  public static Optional<Usage> read(JsonNode usage) {
    if (usage == null || !usage.isObject()) {
      return Optional.empty();
    }
    boolean chat = usage.has("prompt_tokens") || usage.has("completion_tokens");
    JsonNode in = usage.path(chat ? "prompt_tokens_details" : "input_tokens_details");
    JsonNode out = usage.path(chat ? "completion_tokens_details" : "output_tokens_details");
    long read = chat ? 0 : tokens(usage, "cache_read_input_tokens");
    long written = chat ? 0 : tokens(usage, "cache_creation_input_tokens");
    Usage claimed =
        new Usage(
            tokens(usage, chat ? "prompt_tokens" : "input_tokens") + read + written,
            tokens(in, "cached_tokens") + read,
            tokens(in, "cache_write_tokens") + written,
            tokens(usage.path("cache_creation"), "ephemeral_1h_input_tokens"),
            tokens(in, "audio_tokens"),
            tokens(usage, chat ? "completion_tokens" : "output_tokens"),
            tokens(out, "reasoning_tokens"),
            tokens(out, "audio_tokens"),
            tokens(usage.path("server_tool_use"), "web_search_requests"));
    return claimed.isCredible() ? Optional.of(claimed) : Optional.empty();
  }

  /** {@return a count, at least 0; one that is too large to be one stays so, and within a sum} */
  private static long tokens(JsonNode node, String field) {
    return Math.clamp((long) node.path(field).asDouble(0), 0, 2 * TOKENS_MAX);
  }

  private boolean isCredible() {
    return LongStream.of(
            input,
            cachedInput,
            cacheWrite,
            cacheWriteHour,
            inputAudio,
            output,
            reasoning,
            outputAudio,
            webSearches)
        .allMatch(count -> count <= TOKENS_MAX);
  }

  public Usage plus(Usage other) {
    return new Usage(
        input + other.input,
        cachedInput + other.cachedInput,
        cacheWrite + other.cacheWrite,
        cacheWriteHour + other.cacheWriteHour,
        inputAudio + other.inputAudio,
        output + other.output,
        reasoning + other.reasoning,
        outputAudio + other.outputAudio,
        webSearches + other.webSearches);
  }

  /**
   * {@return this usage with so many more plain input and output tokens} Below zero for fewer; no
   * count falls below zero.
   */
  public Usage plusPlain(long moreInput, long moreOutput) {
    return new Usage(
        Math.max(0, input + moreInput),
        cachedInput,
        cacheWrite,
        cacheWriteHour,
        inputAudio,
        Math.max(0, output + moreOutput),
        reasoning,
        outputAudio,
        webSearches);
  }

  /** {@return the {@code usage} object of the published API} */
  public ObjectNode toJson() {
    ObjectNode usage = JsonNodeFactory.instance.objectNode();
    usage.put("prompt_tokens", input);
    usage.put("completion_tokens", output);
    usage.put("total_tokens", input + output);
    ObjectNode in = usage.putObject("prompt_tokens_details").put("cached_tokens", cachedInput);
    ObjectNode out = usage.putObject("completion_tokens_details");
    out.put("reasoning_tokens", reasoning);
    putSome(in, "cache_write_tokens", cacheWrite);
    putSome(in, "audio_tokens", inputAudio);
    putSome(out, "audio_tokens", outputAudio);
    return usage;
  }

  private static void putSome(ObjectNode node, String field, long tokens) {
    if (tokens > 0) {
      node.put(field, tokens);
    }
  }
}
