package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** What requests cost, one by one and in a batch. */
final class BatchCost {
  private final Prices prices;
  private final TokenCounter tokens;
  private final long outputTokensEstimate;
  private final InstantSource clock;

  BatchCost(Prices prices, TokenCounter tokens, long outputTokensEstimate, InstantSource clock) {
    this.prices = prices;
    this.tokens = tokens;
    this.outputTokensEstimate = outputTokensEstimate;
    this.clock = clock;
  }

  /** {@return the tokens of a request that was not answered yet} */
  Usage expected(ChatRequest request) {
    long output = request.outputTokensMax().orElse(outputTokensEstimate);
    return Usage.of(
        tokens.countInput(request),
        Math.clamp(output * request.choiceCount(), 0, Usage.TOKENS_MAX));
  }

  /** {@return the price of a model's tokens today, or empty for a model without one} */
  Optional<Price> price(String model) {
    return prices.of(model, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
  }

  /** {@return what tokens cost in a batch, in nano-dollars} */
  static long batch(Price price, Usage usage) {
    return price.batch().nanoDollars(usage);
  }

  /** Adds up an estimate. Not thread-safe. */
  final class Sum {
    private int requests;
    private int duplicates;
    private int cached;
    private int planned;
    private int unpriced;
    private long inputTokens;
    private long outputTokens;
    private long standard;
    private long batch;
    private long plannedBatch;
    private long duplicatesBatch;
    private long cachedBatch;

    /**
     * Adds a request.
     *
     * @param duplicate whether an earlier request says the same
     * @param answered whether the cache answers it
     */
    void add(String model, Usage usage, boolean duplicate, boolean answered) {
      Optional<Price> price = price(model);
      long nanos = price.map(known -> known.nanoDollars(usage)).orElse(0L);
      long half = price.map(known -> BatchCost.batch(known, usage)).orElse(0L);
      requests++;
      unpriced += price.isEmpty() ? 1 : 0;
      inputTokens += usage.input();
      outputTokens += usage.output();
      standard += nanos;
      batch += half;
      if (duplicate) {
        duplicates++;
        duplicatesBatch += half;
      } else if (answered) {
        cached++;
        cachedBatch += half;
      } else {
        planned++;
        plannedBatch += half;
      }
    }

    BatchEstimate estimate() {
      return new BatchEstimate(
          requests,
          duplicates,
          cached,
          planned,
          inputTokens,
          outputTokens,
          standard,
          batch,
          plannedBatch,
          duplicatesBatch,
          cachedBatch,
          unpriced);
    }
  }
}
