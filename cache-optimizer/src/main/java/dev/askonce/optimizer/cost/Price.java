package dev.askonce.optimizer.cost;

import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model's tokens cost, by {@link Kind}. Immutable and thread-safe.
 *
 * <p>A kind without a price of its own costs what the kind costs that it is part of. So each priced
 * kind is charged for what it counts less its priced parts, narrowest first.
 *
 * <p>Prices read and given here are in nano-dollars (10⁻⁹ $) per million tokens: $2.50 a million is
 * 2,500,000,000.
 */
public final class Price {
  /** The share of the normal price that OpenAI and Anthropic bill for a batch, in percent. */
  public static final int BATCH_PERCENT = 50;

  private static final ServiceTier BATCH = ServiceTier.of("batch");
  private static final int NANO = 9;
  private static final int MILLION = 6;
  private static final int THOUSAND = 3;

  /** A priced kind, and which of the priced kinds before it are parts of it. */
  private record Line(Kind kind, Rate rate, int[] parts) {}

  private final Line[] lines;
  private final long batchPercent;
  private final Price batch;
  private final Map<ServiceTier, Price> tiers;

  Price(Map<Kind, Rate> rates, long batchPercent) {
    this(rates, batchPercent, Map.of());
  }

  /**
   * @param tiers prices of other service tiers than the standard one
   */
  Price(Map<Kind, Rate> rates, long batchPercent, Map<ServiceTier, Price> tiers) {
    if (batchPercent < 0 || batchPercent > 100) {
      throw new ChatException.InvalidPrices("batchPercent " + batchPercent + " is not in 0..100");
    }
    this.lines = lines(rates);
    this.tiers = Map.copyOf(tiers);
    this.batchPercent = batchPercent;
    this.batch = batchPercent == 100 ? this : new Price(ratesAt(rates, batchPercent), 100);
  }

  /** The price of a service tier, of which a batch costs what it costs of the standard one. */
  Price(Map<Kind, Rate> rates, Price batch) {
    this.lines = lines(rates);
    this.batchPercent = batch.batchPercent;
    this.batch = batch;
    this.tiers = Map.of();
  }

  /**
   * The price of a model of texts, in nano-dollars per million tokens.
   *
   * @param cachedInput for input tokens read from the provider's prompt cache
   * @param cacheWrite for input tokens written to the provider's prompt cache
   * @param output for output tokens, reasoning among them
   */
  public Price(long input, long cachedInput, long cacheWrite, long output) {
    this(
        Map.of(
            Kind.INPUT, rate(input),
            Kind.CACHE_READ, rate(cachedInput),
            Kind.CACHE_WRITE, rate(cacheWrite),
            Kind.OUTPUT, rate(output)),
        BATCH_PERCENT);
  }

  static Rate rate(long nanoDollars) {
    return Rate.of(BigDecimal.valueOf(nanoDollars, NANO));
  }

  private static Line[] lines(Map<Kind, Rate> rates) {
    List<Kind> kinds =
        rates.keySet().stream()
            .sorted(Comparator.comparingInt(Kind::depth).reversed().thenComparing(kind -> kind))
            .toList();
    Line[] lines = new Line[kinds.size()];
    for (int i = 0; i < lines.length; i++) {
      Kind kind = kinds.get(i);
      int[] parts = new int[i];
      int count = 0;
      for (int part = 0; part < i; part++) {
        if (kinds.get(part).isPartOf(kind)) {
          parts[count++] = part;
        }
      }
      lines[i] = new Line(kind, rates.get(kind), Arrays.copyOf(parts, count));
    }
    return lines;
  }

  /** {@return prices of tokens that are so much of the normal ones} */
  static Map<Kind, Rate> ratesAt(Map<Kind, Rate> rates, long percent) {
    BigDecimal share = BigDecimal.valueOf(percent, 2);
    Map<Kind, Rate> shares = new EnumMap<>(Kind.class);
    rates.forEach(
        (kind, rate) ->
            shares.put(kind, kind.side() == Kind.Side.NEITHER ? rate : rate.times(share)));
    return shares;
  }

  /**
   * {@return what the same tokens cost at a service tier; empty where nobody says} What a reply
   * calls {@code batch} is the batch price.
   */
  public Optional<Price> at(ServiceTier tier) {
    if (tier.equals(ServiceTier.STANDARD)) {
      return Optional.of(this);
    }
    return tier.equals(BATCH) ? Optional.of(batch) : Optional.ofNullable(tiers.get(tier));
  }

  /** {@return what the same tokens cost in a batch; searches cost what they always do} */
  public Price batch() {
    return batch;
  }

  /** {@return the cost of a call in nano-dollars, of which half a one is rounded up} */
  public long nanoDollars(Usage usage) {
    return toNanoDollars(charge(Counts.of(usage), null));
  }

  /** {@return the cost of a call, exactly} */
  public Cost cost(Counts counts) {
    return new Cost(
        charge(counts, Kind.Side.INPUT), charge(counts, Kind.Side.OUTPUT), charge(counts, null));
  }

  /** {@return an amount in nano-dollars, of which half a one is rounded up} */
  static long toNanoDollars(BigDecimal dollars) {
    return dollars.movePointRight(NANO).setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  /**
   * @param side what to charge for; null for everything
   */
  private BigDecimal charge(Counts counts, Kind.Side side) {
    long inputTokens = counts.of(Kind.INPUT);
    long[] own = new long[lines.length];
    BigDecimal tokens = BigDecimal.ZERO;
    BigDecimal things = BigDecimal.ZERO;
    for (int i = 0; i < lines.length; i++) {
      Line line = lines[i];
      long count = counts.of(line.kind());
      for (int part : line.parts()) {
        count -= own[part];
      }
      // Parts may overlap in ways that a provider does not tell: nobody gets money back for that.
      own[i] = Math.max(0, count);
      if (own[i] > 0 && (side == null || side == line.kind().side())) {
        BigDecimal amount = line.rate().at(inputTokens).multiply(BigDecimal.valueOf(own[i]));
        if (line.kind().side() == Kind.Side.NEITHER) {
          things = things.add(amount);
        } else {
          tokens = tokens.add(amount);
        }
      }
    }
    return tokens.movePointLeft(MILLION).add(things.movePointLeft(THOUSAND));
  }

  /** {@return the price of plain input tokens of a short input} */
  public long input() {
    return of(Kind.INPUT);
  }

  /** {@return the price of input tokens read from the provider's prompt cache} */
  public long cachedInput() {
    return of(Kind.CACHE_READ);
  }

  /** {@return the price of input tokens written to the provider's prompt cache} */
  public long cacheWrite() {
    return of(Kind.CACHE_WRITE);
  }

  /** {@return the price of output tokens of a short input} */
  public long output() {
    return of(Kind.OUTPUT);
  }

  /**
   * {@return the price of a kind at a short input} For a million tokens, or a thousand things; 0
   * where neither it nor what it is part of has one.
   */
  public long of(Kind kind) {
    // Narrowest first: the first that covers the kind is the nearest.
    for (Line line : lines) {
      if (line.kind() == kind || kind.isPartOf(line.kind())) {
        return toNanoDollars(line.rate().base());
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return "Price[input " + input() + ", output " + output() + ", batch " + batchPercent + "%]";
  }
}
