package dev.askonce.optimizer;

import java.util.OptionalLong;

/**
 * What an {@link LlmRouter} answers.
 *
 * @param model that answered, now or when the answer was stored
 * @param hit whether the cache answered
 * @param costNanoDollars what the answer cost, in 10⁻⁹ dollars: the provider's tokens at the list
 *     price, a judge's and rejected drafts among them; 0 for a hit, empty where a price is unknown
 */
public record RoutedAnswer(
    Prompt prompt, String text, String model, boolean hit, OptionalLong costNanoDollars) {
  /** {@return sizes only: answers do not belong into logs} */
  @Override
  public String toString() {
    return "RoutedAnswer[" + model + ", " + text.length() + " chars, hit: " + hit + "]";
  }
}
