package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Usage;

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
    if (parameter < 0) {
      Usage usage = Completion.parse(answer.body()).usage().orElse(null);
      return new StoredReply(
          type, answer.body(), usage == null ? Usage.NONE : usage, usage == null, false);
    }
    int at = parameter + PARAMETER.length();
    boolean estimated = type.charAt(at) == 'e';
    boolean usageAsked = type.charAt(at + 1) == '+';
    long[] tokens = new long[5];
    int index = 0;
    for (int i = at + 2; i < type.length(); i++) {
      if (type.charAt(i) == '.') {
        index++;
      } else {
        tokens[index] = tokens[index] * 10 + Character.digit(type.charAt(i), 10);
      }
    }
    return new StoredReply(
        type.substring(0, parameter),
        answer.body(),
        new Usage(tokens[0], tokens[1], tokens[2], tokens[3], tokens[4]),
        estimated,
        usageAsked);
  }
}
