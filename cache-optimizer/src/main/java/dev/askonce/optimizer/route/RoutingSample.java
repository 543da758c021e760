package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.ChatException;
import java.util.Objects;

/**
 * A prompt that both models have answered, and how good each answer was.
 *
 * @param vector the embedding of the prompt's text, of unit length; not copied
 * @param domain what it is about, if somebody has said so, or the empty string
 * @param weak how good the budget model's answer was, 0 to 1
 * @param strong how good the standard model's answer was, 0 to 1
 */
public record RoutingSample(
    Prompt prompt, float[] vector, String domain, double weak, double strong) {
  public RoutingSample {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(vector, "vector");
    Objects.requireNonNull(domain, "domain");
    if (!(weak >= 0 && weak <= 1 && strong >= 0 && strong <= 1)) {
      throw new ChatException.InvalidSetting(
          "qualities " + weak + " and " + strong + " are not both from 0 to 1");
    }
  }

  /** {@return what the standard model's answer is worth more, -1 to 1} */
  public double gain() {
    return strong - weak;
  }
}
