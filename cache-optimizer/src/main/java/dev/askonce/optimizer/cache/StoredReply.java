package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Usage;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A reply as the cache holds it: the body as it came, and the model and its tokens as parameters of
 * the media type, so that a hit is booked without reading the body.
 *
 * <pre>
 *   text/event-stream; askonce-model=gpt-4o; askonce-usage=p+12.0.0.34.0
 *                                                          ││└ input, cached input, cache write, output, reasoning
 *                                                          │└ + if the request asked a stream to carry it, - if not
 *                                                          └ p: the provider's count, e: an estimate
 * </pre>
 *
 * @param contentType as it came
 * @param model that answered; empty where it is not known, or its name is very long
 * @param estimated whether the usage was counted by us, so that the body has none
 * @param usageAsked whether the request asked for a stream that carries its usage
 */
record StoredReply(
    String contentType,
    byte[] body,
    String model,
    Usage usage,
    boolean estimated,
    boolean usageAsked) {
  private static final String MODEL = "; askonce-model=";

  /** A media type has room for 255 bytes. */
  private static final int MODEL_CHARS_MAX = 100;

  private static final Pattern ENCODED = Pattern.compile("[\\w.*+%-]*");

  private static final String PARAMETER = "; askonce-usage=";
  private static final int NUMBERS = 5;

  Answer toAnswer() {
    String tokens =
        usage.input()
            + "."
            + usage.cachedInput()
            + "."
            + usage.cacheWrite()
            + "."
            + usage.output()
            + "."
            + usage.reasoning();
    String marks = (estimated ? "e" : "p") + (usageAsked ? "+" : "-");
    return new Answer(contentType + MODEL + encoded(model) + PARAMETER + marks + tokens, body);
  }

  private static String encoded(String model) {
    String encoded = URLEncoder.encode(model, StandardCharsets.UTF_8);
    return encoded.length() <= MODEL_CHARS_MAX ? encoded : "";
  }

  /** {@return the name behind a place, or null where there is none} */
  private static String decoded(String type, int at) {
    String encoded = type.substring(at);
    try {
      return ENCODED.matcher(encoded).matches()
          ? URLDecoder.decode(encoded, StandardCharsets.UTF_8)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** {@return the reply that an answer holds} One that others put has the usage of its body. */
  static StoredReply of(Answer answer) {
    String type = answer.contentType();
    int parameter = type.lastIndexOf(PARAMETER);
    int at = parameter + PARAMETER.length();
    long[] tokens = parameter < 0 ? null : tokens(type, at);
    if (tokens == null) {
      Completion completion = Completion.parse(answer.body());
      Usage usage = completion.usage().orElse(null);
      return new StoredReply(
          type,
          answer.body(),
          completion.model(),
          usage == null ? Usage.NONE : usage,
          usage == null,
          false);
    }
    String before = type.substring(0, parameter);
    int modelAt = before.lastIndexOf(MODEL);
    String model = modelAt < 0 ? null : decoded(before, modelAt + MODEL.length());
    return new StoredReply(
        model == null ? before : before.substring(0, modelAt),
        answer.body(),
        model == null ? "" : model,
        new Usage(tokens[0], tokens[1], tokens[2], tokens[3], tokens[4]),
        type.charAt(at) == 'e',
        type.charAt(at + 1) == '+');
  }

  /** {@return the numbers of a parameter of ours, or null where it only looks like one} */
  private static long[] tokens(String type, int at) {
    if (type.length() < at + 3
        || "ep".indexOf(type.charAt(at)) < 0
        || "+-".indexOf(type.charAt(at + 1)) < 0) {
      return null;
    }
    String[] numbers = type.substring(at + 2).split("\\.", -1);
    long[] tokens = new long[NUMBERS];
    for (int i = 0; i < NUMBERS && numbers.length == NUMBERS; i++) {
      tokens[i] = number(numbers[i]);
    }
    return numbers.length == NUMBERS && Arrays.stream(tokens).allMatch(n -> n >= 0) ? tokens : null;
  }

  /** {@return a number, or -1 for a text that is none of a long} */
  private static long number(String text) {
    long number = text.isEmpty() ? -1 : 0;
    for (int i = 0; i < text.length() && number >= 0; i++) {
      int digit = text.charAt(i) - '0';
      boolean fits = digit >= 0 && digit <= 9 && number <= (Long.MAX_VALUE - digit) / 10;
      number = fits ? number * 10 + digit : -1;
    }
    return number;
  }
}
