package dev.askonce.optimizer.cost;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a provider's bill counts, one by one. A kind may be part of another: tokens read from the
 * prompt cache are input tokens too, and are billed as such where they have no price of their own.
 *
 * <p>The names are those of the unit registry of genai-prices, so that its documents can be read.
 */
public enum Kind {
  INPUT(Side.INPUT, Medium.ANY, Use.PLAIN),
  CACHE_READ(Side.INPUT, Medium.ANY, Use.CACHE_READ),
  CACHE_WRITE(Side.INPUT, Medium.ANY, Use.CACHE_WRITE),
  CACHE_WRITE_5M(Side.INPUT, Medium.ANY, Use.CACHE_WRITE_5M),
  CACHE_WRITE_1H(Side.INPUT, Medium.ANY, Use.CACHE_WRITE_1H),
  INPUT_TOOL(Side.INPUT, Medium.ANY, Use.TOOL),
  OUTPUT(Side.OUTPUT, Medium.ANY, Use.PLAIN),
  OUTPUT_REASONING(Side.OUTPUT, Medium.ANY, Use.REASONING),
  OUTPUT_CITATION(Side.OUTPUT, Medium.ANY, Use.CITATION),
  INPUT_TEXT(Side.INPUT, Medium.TEXT, Use.PLAIN),
  CACHE_TEXT_READ(Side.INPUT, Medium.TEXT, Use.CACHE_READ),
  CACHE_TEXT_WRITE(Side.INPUT, Medium.TEXT, Use.CACHE_WRITE),
  CACHE_TEXT_WRITE_5M(Side.INPUT, Medium.TEXT, Use.CACHE_WRITE_5M),
  CACHE_TEXT_WRITE_1H(Side.INPUT, Medium.TEXT, Use.CACHE_WRITE_1H),
  INPUT_TEXT_TOOL(Side.INPUT, Medium.TEXT, Use.TOOL),
  OUTPUT_TEXT(Side.OUTPUT, Medium.TEXT, Use.PLAIN),
  OUTPUT_TEXT_REASONING(Side.OUTPUT, Medium.TEXT, Use.REASONING),
  OUTPUT_TEXT_CITATION(Side.OUTPUT, Medium.TEXT, Use.CITATION),
  INPUT_AUDIO(Side.INPUT, Medium.AUDIO, Use.PLAIN),
  CACHE_AUDIO_READ(Side.INPUT, Medium.AUDIO, Use.CACHE_READ),
  CACHE_AUDIO_WRITE(Side.INPUT, Medium.AUDIO, Use.CACHE_WRITE),
  CACHE_AUDIO_WRITE_5M(Side.INPUT, Medium.AUDIO, Use.CACHE_WRITE_5M),
  CACHE_AUDIO_WRITE_1H(Side.INPUT, Medium.AUDIO, Use.CACHE_WRITE_1H),
  INPUT_AUDIO_TOOL(Side.INPUT, Medium.AUDIO, Use.TOOL),
  OUTPUT_AUDIO(Side.OUTPUT, Medium.AUDIO, Use.PLAIN),
  OUTPUT_AUDIO_REASONING(Side.OUTPUT, Medium.AUDIO, Use.REASONING),
  OUTPUT_AUDIO_CITATION(Side.OUTPUT, Medium.AUDIO, Use.CITATION),
  INPUT_IMAGE(Side.INPUT, Medium.IMAGE, Use.PLAIN),
  CACHE_IMAGE_READ(Side.INPUT, Medium.IMAGE, Use.CACHE_READ),
  CACHE_IMAGE_WRITE(Side.INPUT, Medium.IMAGE, Use.CACHE_WRITE),
  CACHE_IMAGE_WRITE_5M(Side.INPUT, Medium.IMAGE, Use.CACHE_WRITE_5M),
  CACHE_IMAGE_WRITE_1H(Side.INPUT, Medium.IMAGE, Use.CACHE_WRITE_1H),
  INPUT_IMAGE_TOOL(Side.INPUT, Medium.IMAGE, Use.TOOL),
  OUTPUT_IMAGE(Side.OUTPUT, Medium.IMAGE, Use.PLAIN),
  OUTPUT_IMAGE_REASONING(Side.OUTPUT, Medium.IMAGE, Use.REASONING),
  OUTPUT_IMAGE_CITATION(Side.OUTPUT, Medium.IMAGE, Use.CITATION),
  INPUT_VIDEO(Side.INPUT, Medium.VIDEO, Use.PLAIN),
  CACHE_VIDEO_READ(Side.INPUT, Medium.VIDEO, Use.CACHE_READ),
  CACHE_VIDEO_WRITE(Side.INPUT, Medium.VIDEO, Use.CACHE_WRITE),
  CACHE_VIDEO_WRITE_5M(Side.INPUT, Medium.VIDEO, Use.CACHE_WRITE_5M),
  CACHE_VIDEO_WRITE_1H(Side.INPUT, Medium.VIDEO, Use.CACHE_WRITE_1H),
  INPUT_VIDEO_TOOL(Side.INPUT, Medium.VIDEO, Use.TOOL),
  OUTPUT_VIDEO(Side.OUTPUT, Medium.VIDEO, Use.PLAIN),
  OUTPUT_VIDEO_REASONING(Side.OUTPUT, Medium.VIDEO, Use.REASONING),
  OUTPUT_VIDEO_CITATION(Side.OUTPUT, Medium.VIDEO, Use.CITATION),
  WEB_SEARCHES(Side.NEITHER, Medium.ANY, Use.PLAIN),
  SOCIAL_SEARCHES(Side.NEITHER, Medium.ANY, Use.PLAIN),
  STORAGE_SEARCHES(Side.NEITHER, Medium.ANY, Use.PLAIN),
  CODE_EXECUTIONS(Side.NEITHER, Medium.ANY, Use.PLAIN),
  RERANK_SEARCHES(Side.NEITHER, Medium.ANY, Use.PLAIN),
  REQUESTS(Side.NEITHER, Medium.ANY, Use.PLAIN);

  /** Which side of a call is billed. */
  public enum Side {
    INPUT,
    OUTPUT,
    /** No tokens: a thing done, counted. */
    NEITHER
  }

  private enum Medium {
    ANY,
    TEXT,
    AUDIO,
    IMAGE,
    VIDEO
  }

  private enum Use {
    PLAIN,
    CACHE_READ,
    CACHE_WRITE,
    CACHE_WRITE_5M,
    CACHE_WRITE_1H,
    TOOL,
    REASONING,
    CITATION;

    boolean covers(Use other) {
      return this == PLAIN
          || this == other
          || this == CACHE_WRITE && (other == CACHE_WRITE_5M || other == CACHE_WRITE_1H);
    }
  }

  private static final Map<String, Kind> BY_COUNT_KEY = by(Kind::countKey);
  private static final Map<String, Kind> BY_PRICE_KEY = by(Kind::priceKey);

  private final Side side;
  private final Medium medium;
  private final Use use;

  Kind(Side side, Medium medium, Use use) {
    this.side = side;
    this.medium = medium;
    this.use = use;
  }

  private static Map<String, Kind> by(Function<Kind, String> key) {
    return Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(key, kind -> kind));
  }

  /** {@return the kind that a usage names so, such as {@code cache_read_tokens}} */
  static Optional<Kind> ofCount(String key) {
    return Optional.ofNullable(BY_COUNT_KEY.get(key));
  }

  /** {@return the kind whose price is named so, such as {@code cache_read_mtok}} */
  static Optional<Kind> ofPrice(String key) {
    return Optional.ofNullable(BY_PRICE_KEY.get(key));
  }

  public Side side() {
    return side;
  }

  /** {@return the name of a count of this kind} */
  public String countKey() {
    String name = name().toLowerCase(Locale.ROOT);
    return side == Side.NEITHER ? name : name + "_tokens";
  }

  private String priceKey() {
    String name = name().toLowerCase(Locale.ROOT);
    return name + (side == Side.NEITHER ? "_kcount" : "_mtok");
  }

  /** {@return whether what is counted here is counted there too, and is not the same kind} */
  boolean isPartOf(Kind whole) {
    return this != whole
        && side != Side.NEITHER
        && side == whole.side
        && (whole.medium == Medium.ANY || whole.medium == medium)
        && whole.use.covers(use);
  }

  /** {@return how narrow this kind is: a part is always narrower than its whole} */
  int depth() {
    int depth = medium == Medium.ANY ? 0 : 1;
    return switch (use) {
      case PLAIN -> depth;
      case CACHE_WRITE_5M, CACHE_WRITE_1H -> depth + 2;
      default -> depth + 1;
    };
  }
}
