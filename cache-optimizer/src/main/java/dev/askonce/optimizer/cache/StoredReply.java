package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Usage;
import java.util.Arrays;

/**
 * A reply as the cache holds it: the body as it came, and its tokens as a parameter of the media
 * type, so that a hit is booked without reading the body.
 *
 * <pre>
 *   text/event-stream; askonce-usage=p+12.0.0.34.0
 *                                    ││└ input, cached input, cache write, output, reasoning
 *                                    │└ + if the request asked a stream to carry it, - if not
 *                                    └ p: the provider's count, e: an estimate
 * </pre>
 *
 * @param contentType as it came
 * @param estimated whether the usage was counted by us, so that the body has none
 * @param usageAsked whether the request asked for a stream that carries its usage
 */
record StoredReply(
    String contentType, byte[] body, Usage usage, boolean estimated, boolean usageAsked) {
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
    return new Answer(contentType + PARAMETER + marks + tokens, body);
  }

  /** {@return the reply that an answer holds} One that others put has the usage of its body. */
  static StoredReply of(Answer answer) {
    String type = answer.contentType();
    int parameter = type.lastIndexOf(PARAMETER);
    int at = parameter + PARAMETER.length();
    long[] tokens = parameter < 0 ? null : tokens(type, at);
    if (tokens == null) {
      Usage usage = Completion.parse(answer.body()).usage().orElse(null);
      return new StoredReply(
          type, answer.body(), usage == null ? Usage.NONE : usage, usage == null, false);
    }
    return new StoredReply(
        type.substring(0, parameter),
        answer.body(),
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
