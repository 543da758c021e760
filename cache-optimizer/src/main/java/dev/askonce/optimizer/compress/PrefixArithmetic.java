package dev.askonce.optimizer.compress;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;

/**
 * What a prefix of many requests costs with the provider's prompt cache, and without: the sum that
 * says when making it shorter makes it dearer.
 *
 * <p>A prefix that stays the same is paid once in full (or at the price of a cache write) and then
 * at the cached price, say a tenth. Compressed for each question anew, it is another text each time
 * and never cached: with a tenth, that pays only if fewer than one token in ten is left.
 *
 * @param price of the model
 * @param tokensMin shorter prefixes are not cached
 * @param tokensStep longer ones are cached up to a multiple of this beyond the minimum
 */
public record PrefixArithmetic(Price price, long tokensMin, long tokensStep) {
  public PrefixArithmetic {
    if (tokensMin < 0 || tokensStep < 1) {
      throw new ChatException.InvalidSetting(
          "tokensMin " + tokensMin + " below 0 or tokensStep " + tokensStep + " below 1");
    }
  }

  /** {@return the arithmetic of OpenAI: cached from 1,024 tokens on, in steps of 128} */
  public static PrefixArithmetic openAi(Price price) {
    return new PrefixArithmetic(price, 1_024, 128);
  }

  /** {@return how many tokens of a prefix that stays the same the provider caches} */
  public long cachedTokens(long prefixTokens) {
    return prefixTokens < tokensMin
        ? 0
        : tokensMin + (prefixTokens - tokensMin) / tokensStep * tokensStep;
  }

  /**
   * {@return the input cost, in nano-dollars, of calls that share a prefix while it is cached}
   *
   * @param calls how many, the one that fills the cache among them
   */
  public long sharedNanoDollars(long prefixTokens, long calls) {
    long cached = cachedTokens(prefixTokens);
    long first = price.nanoDollars(new Usage(prefixTokens, 0, cached, 0, 0));
    long next = price.nanoDollars(new Usage(prefixTokens, cached, 0, 0, 0));
    return calls < 1 ? 0 : first + (calls - 1) * next;
  }

  /** {@return the input cost, in nano-dollars, of calls whose prefixes are each another text} */
  public long eachNanoDollars(long prefixTokens, long calls) {
    return calls * price.nanoDollars(Usage.of(prefixTokens, 0));
  }

  /**
   * {@return whether compressing shared material for each question anew is cheaper than leaving it}
   *
   * @param stableTokens of the prefix before it, which stays cached either way
   * @param materialTokens as it is
   * @param keptTokens what is left of it on average
   * @param calls that share it while it is cached
   */
  public boolean paysForEach(long stableTokens, long materialTokens, long keptTokens, long calls) {
    long compressed = sharedNanoDollars(stableTokens, calls) + eachNanoDollars(keptTokens, calls);
    return compressed < sharedNanoDollars(stableTokens + materialTokens, calls);
  }

  /**
   * {@return whether compressing a shared prefix once, for all questions alike, is cheaper} Not
   * where it drops below what the provider caches.
   */
  public boolean paysOnce(long prefixTokens, long keptTokens, long calls) {
    return sharedNanoDollars(keptTokens, calls) < sharedNanoDollars(prefixTokens, calls);
  }

  /** {@return whether caching a prefix at all is cheaper than not, a dearer write considered} */
  public boolean cachingPays(long prefixTokens, long calls) {
    return sharedNanoDollars(prefixTokens, calls) < eachNanoDollars(prefixTokens, calls);
  }
}
