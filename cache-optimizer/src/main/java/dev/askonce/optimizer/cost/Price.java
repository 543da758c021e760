package dev.askonce.optimizer.cost;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import java.math.BigInteger;

/**
 * The price of a model's tokens, in nano-dollars (10⁻⁹ $) per million tokens: $2.50 a million is
 * 2,500,000,000, so any price down to a thousand-millionth of a dollar a million is exact.
 *
 * @param input plain input tokens
 * @param cachedInput input tokens read from the provider's prompt cache
 * @param cacheWrite input tokens written to the provider's prompt cache
 * @param output output tokens, reasoning among them
 */
public record Price(long input, long cachedInput, long cacheWrite, long output) {
  private static final long TOKENS = 1_000_000;

  public Price {
    if (input < 0 || cachedInput < 0 || cacheWrite < 0 || output < 0) {
      throw new ChatException.InvalidPrices("a price is negative");
    }
  }

  /**
   * {@return the cost of a call in nano-dollars} Exact until the end, where half a nano-dollar is
   * rounded up.
   */
  public long nanoDollars(Usage usage) {
    long cached = Math.min(usage.cachedInput(), usage.input());
    long written = Math.min(usage.cacheWrite(), usage.input() - cached);
    long plain = usage.input() - cached - written;
    try {
      long sum = Math.multiplyExact(plain, input);
      sum = Math.addExact(sum, Math.multiplyExact(cached, cachedInput));
      sum = Math.addExact(sum, Math.multiplyExact(written, cacheWrite));
      sum = Math.addExact(sum, Math.multiplyExact(usage.output(), output));
      return Math.addExact(sum, TOKENS / 2) / TOKENS;
    } catch (ArithmeticException e) {
      return product(plain, input)
          .add(product(cached, cachedInput))
          .add(product(written, cacheWrite))
          .add(product(usage.output(), output))
          .add(BigInteger.valueOf(TOKENS / 2))
          .divide(BigInteger.valueOf(TOKENS))
          .longValueExact();
    }
  }

  private static BigInteger product(long tokens, long price) {
    return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
  }
}
