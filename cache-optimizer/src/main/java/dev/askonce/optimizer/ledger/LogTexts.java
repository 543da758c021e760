package dev.askonce.optimizer.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.TokenCounter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a request log keeps of texts. Prompts and answers are personal data: keep them all, or
 * replace each by a keyed hash and its number of tokens, by which repeats, prompts of high volume
 * and lengths can still be seen, and nothing else.
 *
 * <p>A replaced text reads {@code hash:K1vJ0dN6mSzJ3u8Qd0aL2A:57}: the first 128 bits of its
 * HMAC-SHA-256 in URL-safe Base64, and its tokens. Replaced is every text of a request and a
 * response but for the few whose field says that it is a name out of a list, such as {@code role}
 * or {@code model}; numbers and field names stay.
 */
public final class LogTexts {
  /** All texts as they are. */
  public static final LogTexts KEEP = new LogTexts(null, null);

  /** The shortest key, in bytes. */
  public static final int KEY_BYTES_MIN = 16;

  private static final String PREFIX = "hash:";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_BYTES = 16;

  /** What a caller notes for itself: no field of it is the API's. */
  private static final String METADATA = "metadata";

  private static final Set<String> NAMES =
      Set.of(
          "role",
          "type",
          "model",
          "object",
          "finish_reason",
          "service_tier",
          "reasoning_effort",
          "verbosity",
          "tool_choice",
          "encoding_format",
          "code");

  private final SecretKeySpec key;
  private final TokenCounter tokens;

  private LogTexts(SecretKeySpec key, TokenCounter tokens) {
    this.key = key;
    this.tokens = tokens;
  }

  /**
   * {@return texts replaced by hashes} Equal texts have equal hashes in all logs of one key; who
   * has the key can tell whether a text that he guesses is there.
   *
   * @param key at least {@value #KEY_BYTES_MIN} bytes, secret; copied
   * @param tokens counts, on the log's own thread
   */
  public static LogTexts hashed(byte[] key, TokenCounter tokens) {
    if (key.length < KEY_BYTES_MIN) {
      throw new ChatException.InvalidSetting(
          "a key of " + key.length + " bytes is shorter than " + KEY_BYTES_MIN);
    }
    return new LogTexts(new SecretKeySpec(key, ALGORITHM), tokens);
  }

  /** {@return the number of tokens that a replaced text had; empty for a text that is none} */
  public static OptionalLong tokens(String replaced) {
    int colon = replaced.lastIndexOf(':');
    if (!replaced.startsWith(PREFIX) || colon < PREFIX.length()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(replaced, colon + 1, replaced.length(), 10));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** {@return a call with what is kept of its texts} */
  LoggedCall of(LoggedCall call) {
    if (key == null) {
      return call;
    }
    return new LoggedCall(
        call.at(),
        call.endpoint(),
        call.tenant(),
        call.interactive(),
        call.api(),
        (ObjectNode) replaced(call.request(), "", call.model(), NAMES),
        call.status(),
        (ObjectNode) replaced(call.response(), "", call.model(), NAMES),
        call.latencyMillis());
  }

  /**
   * {@return a tree with hashes in the place of texts}
   *
   * @param names fields whose texts are the API's own words
   */
  private JsonNode replaced(JsonNode node, String field, String model, Set<String> names) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object
            .properties()
            .forEach(
                entry ->
                    copy.set(
                        entry.getKey(),
                        replaced(
                            entry.getValue(),
                            entry.getKey(),
                            model,
                            entry.getKey().equals(METADATA) ? Set.of() : names)));
        yield copy;
      }
      // Tokens or bytes, which are a text to whoever knows the encoding.
      case ArrayNode array when isNumbers(array) -> TextNode.valueOf(hash(array.toString(), model));
      case ArrayNode array -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
        array.forEach(item -> copy.add(replaced(item, field, model, names)));
        yield copy;
      }
      case TextNode text when !names.contains(field) && !text.textValue().isEmpty() ->
          TextNode.valueOf(hash(text.textValue(), model));
      default -> node;
    };
  }

  private static boolean isNumbers(ArrayNode array) {
    for (JsonNode item : array) {
      if (!item.isNumber()) {
        return false;
      }
    }
    return !array.isEmpty();
  }

  private String hash(String text, String model) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] full = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      String hash =
          Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(full, HASH_BYTES));
      return PREFIX + hash + ':' + tokens.count(model, text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
