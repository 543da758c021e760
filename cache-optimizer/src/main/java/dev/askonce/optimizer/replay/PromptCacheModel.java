package dev.askonce.optimizer.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a provider's prompt cache would have held: the longest beginning of a request that another
 * began with shortly before, as OpenAI documents it: from 1,024 tokens on, in steps of 128, kept
 * for five minutes after its last use.
 *
 * <p>Beginnings are compared in blocks of 512 characters, so what is found is at most some 128
 * tokens short. Not thread-safe.
 */
public final class PromptCacheModel {
  private static final int BLOCK_CHARS = 512;
  private static final int STEP_TOKENS = 128;
  private static final int LEAST_TOKENS = 1_024;
  private static final int BLOCKS_MAX = 200_000;
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** When a beginning was used last, by its hash; the longest unused first. */
  private final Map<Long, Instant> usedAt =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Instant> eldest) {
          return size() > BLOCKS_MAX;
        }
      };

  /**
   * {@return how many input tokens of a request the provider reads from its cache} The request is
   * in it afterwards.
   *
   * @param inputTokens of the whole request
   */
  public long cachedTokens(ChatRequest request, long inputTokens, Instant at) {
    String text = text(request);
    long hash = 0;
    int known = 0;
    boolean unbroken = true;
    for (int end = BLOCK_CHARS; end <= text.length(); end += BLOCK_CHARS) {
      hash = mix(hash, text, end - BLOCK_CHARS, end);
      Instant used = usedAt.put(hash, at);
      unbroken &= used != null && !used.plus(KEPT).isBefore(at);
      known = unbroken ? end : known;
    }
    long tokens = text.isEmpty() ? 0 : inputTokens * known / text.length();
    long whole = tokens / STEP_TOKENS * STEP_TOKENS;
    return whole < LEAST_TOKENS ? 0 : whole;
  }

  /** What a provider hashes from its beginning: the model, the tools, the messages in order. */
  private static String text(ChatRequest request) {
    StringBuilder text = new StringBuilder(request.model());
    text.append(request.json().path("tools"));
    for (JsonNode message : request.messages()) {
      JsonNode content = message.path("content");
      text.append('\n').append(message.path("role").asText()).append('\n');
      text.append(content.isTextual() ? content.textValue() : content.toString());
    }
    return text.toString();
  }

  private static long mix(long seed, String text, int from, int to) {
    long hash = seed;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
