package dev.askonce.optimizer.audit;

import dev.askonce.optimizer.audit.Finding.Kind;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Turns what was counted into findings. Used once. */
final class Findings {
  static final double NANOS = 1e9;

  private static final int TOP_PROMPTS = 5;
  private static final int BEGINNING_CHARS = 60;
  private static final Duration QUARTER = Duration.ofDays(90);

  /** How much of the instructions must have stayed to be called unchanged. */
  private static final double UNCHANGED_SHARE = 0.8;

  /** From this many tokens on a provider keeps the beginning of a prompt, in steps of so many. */
  private static final int CACHED_TOKENS_MIN = 1_024;

  private static final int CACHED_TOKENS_STEP = 128;

  private static final long LIMIT_MIN = 20;
  private static final long LIMIT_STEP = 10;

  /** Fewer calls show no pattern. */
  private static final int CALLS_MIN = 10;

  /** Where more than this of the input comes from the provider's cache, the layout works. */
  private static final double CACHED_SHARE_MAX = 0.3;

  private final double days;
  private final boolean hideTexts;
  private final Prices prices;
  private final Instant last;
  private final List<Finding> prompts = new ArrayList<>();
  private final List<Finding> others = new ArrayList<>();

  Findings(double days, boolean hideTexts, Prices prices, Instant last) {
    this.days = days;
    this.hideTexts = hideTexts;
    this.prices = prices;
    this.last = last;
  }

  List<Finding> inOrder() {
    others.sort(Comparator.comparingDouble(Finding::usdPerDay).reversed());
    List<Finding> all = new ArrayList<>(prompts);
    all.addAll(others);
    return all;
  }

  private void add(
      Kind kind, String endpoint, long calls, double nanoDollars, String evidence, String fix) {
    others.add(finding(kind, endpoint, calls, nanoDollars, evidence, fix));
  }

  private Finding finding(
      Kind kind, String endpoint, long calls, double nanoDollars, String evidence, String fix) {
    return new Finding(kind.label(), endpoint, calls, perDay(nanoDollars), evidence, fix);
  }

  private double perDay(double nanoDollars) {
    return nanoDollars / NANOS / days;
  }

  void of(Collection<PromptGroup> groups) {
    groups.stream()
        .sorted(
            Comparator.<PromptGroup>comparingLong(group -> group.calls)
                .reversed()
                .thenComparing(group -> group.endpoint))
        .limit(TOP_PROMPTS)
        .forEach(this::highVolume);
    for (PromptGroup group : groups) {
      longSystem(group);
      repeated(group);
      unchanged(group);
      volatileFirst(group);
    }
  }

  private void highVolume(PromptGroup group) {
    double system = group.systemTokens / group.calls;
    double input = (double) group.usage.input() / group.calls;
    prompts.add(
        finding(
            Kind.HIGH_VOLUME_PROMPT,
            group.endpoint,
            group.calls,
            group.nanoDollars,
            say(
                "%s: %,.0f calls a day, %,.0f tokens in (about %,.0f of them instructions), %,.0f"
                    + " out%s",
                group.model,
                group.calls / days,
                input,
                system,
                (double) group.usage.output() / group.calls,
                beginning(group)),
            "Begin here: a token less in this prompt is saved at every call."));
  }

  private void longSystem(PromptGroup group) {
    double tokens = group.systemTokens / group.calls;
    if (tokens <= Audit.SYSTEM_TOKENS_MAX) {
      return;
    }
    add(
        Kind.LONG_SYSTEM_PROMPT,
        group.endpoint,
        group.calls,
        group.systemNanoDollars,
        say(
            "about %,.0f tokens of instructions at every call; %.0f%% of the input came from the"
                + " provider's prompt cache%s",
            tokens, 100 * cachedShare(group), beginning(group)),
        cachedShare(group) > CACHED_SHARE_MAX
            ? "Remove what no longer applies. Compress it only to less than the cached price's"
                + " share of its length: cached tokens are cheap already."
            : "Remove what no longer applies, keep the rest the same to the letter at the front so"
                + " that the provider caches it, or compress it.");
  }

  private static double cachedShare(PromptGroup group) {
    return group.usage.input() == 0 ? 0 : (double) group.usage.cachedInput() / group.usage.input();
  }

  private void repeated(PromptGroup group) {
    if (group.repeatedCalls == 0) {
      return;
    }
    add(
        Kind.REPEATED_INSTRUCTION,
        group.endpoint,
        group.repeatedCalls,
        group.repeatedNanoDollars,
        say(
            "up to %,d sentences stand in the prompt more than once, about %,.0f tokens a call%s",
            group.repeatedSentences, group.repeatedTokens / group.repeatedCalls, beginning(group)),
        "Say each instruction once.");
  }

  private void unchanged(PromptGroup group) {
    boolean stayed = group.unchanged() >= UNCHANGED_SHARE && group.calls > 1;
    Duration span = Duration.between(group.firstAt, group.lastAt);
    if (!stayed || group.systemTokens == 0 || span.compareTo(QUARTER) < 0) {
      return;
    }
    add(
        Kind.UNCHANGED_INSTRUCTIONS,
        group.endpoint,
        group.calls,
        group.systemNanoDollars,
        say(
            "%.0f%% of the instructions, about %,.0f tokens, are the same since %s%s",
            100 * group.unchanged(),
            group.unchanged() * group.systemTokens / group.calls,
            LocalDate.ofInstant(group.firstAt, ZoneOffset.UTC),
            beginning(group)),
        "Read them again, and remove what no longer applies.");
  }

  private void volatileFirst(PromptGroup group) {
    long movable = (long) group.stableEndTokens() / CACHED_TOKENS_STEP * CACHED_TOKENS_STEP;
    if (group.calls < CALLS_MIN
        || group.stableStartTokens() >= CACHED_TOKENS_MIN
        || movable < CACHED_TOKENS_MIN
        || cachedShare(group) > CACHED_SHARE_MAX) {
      return;
    }
    // A call that comes late finds nothing in the cache, wherever its prompt changes.
    double more = group.callsSoonAfter - cachedShare(group) * group.calls;
    if (more <= 0) {
      return;
    }
    LocalDate day = LocalDate.ofInstant(last, ZoneOffset.UTC);
    double saved = prices.of(group.model, day).map(price -> cacheSaves(price, movable)).orElse(0.0);
    add(
        Kind.VOLATILE_BEFORE_STABLE,
        group.endpoint,
        group.calls,
        saved * more,
        say(
            "after about %,.0f tokens the prompt changes from call to call, and about %,d tokens"
                + " behind that never do; %.0f%% of the input came from the provider's prompt"
                + " cache%s",
            group.stableStartTokens(), movable, 100 * cachedShare(group), beginning(group)),
        "Move what changes (time, ids, names) behind what does not: the provider then bills the"
            + " stable part at its cached price.");
  }

  private static double cacheSaves(Price price, long tokens) {
    return (double) price.nanoDollars(Usage.of(tokens, 0))
        - price.nanoDollars(new Usage(tokens, tokens, 0, 0, 0));
  }

  void of(Audit.Place place, EndpointUse use) {
    if (use.labels.calls > 0) {
      add(
          Kind.EXPENSIVE_MODEL,
          place.endpoint(),
          use.labels.calls,
          use.labels.nanoDollars,
          say(
              "%s answers classifications and routing calls; on the budget model they would cost"
                  + " $%,.2f a day",
              place.model(), perDay(use.labelsOnBudgetNanoDollars)),
          "Send them to the budget model, and compare a sample of the labels first.");
    }
    if (use.unformatted.calls > 0) {
      add(
          Kind.EXTRACTION_WITHOUT_JSON,
          place.endpoint(),
          use.unformatted.calls,
          use.unformatted.nanoDollars,
          say("%s takes fields out of texts and is free in how it writes them", place.model()),
          "Ask for a JSON schema or a JSON object as the response format: no prose around it.");
    }
    if (use.unlimited.calls > 0) {
      add(
          Kind.NO_OUTPUT_LIMIT,
          place.endpoint(),
          use.unlimited.calls,
          use.unlimited.nanoDollars,
          say(
              "%s without a limit: half of the answers within %,d tokens, 99%% within %,d",
              place.model(), use.unlimitedLengths.within(0.5), use.unlimitedLengths.within(0.99)),
          say(
              "Set max_completion_tokens with some room over that: %,d, say.",
              limit(use.unlimitedLengths.within(0.99))));
    }
  }

  /** {@return a round number, a quarter over the longest usual answer} */
  private static long limit(long tokens) {
    long room = Math.max(LIMIT_MIN, tokens + tokens / 4);
    return (room + LIMIT_STEP - 1) / LIMIT_STEP * LIMIT_STEP;
  }

  private String beginning(PromptGroup group) {
    return hideTexts ? "" : "; it begins \"" + group.beginning(BEGINNING_CHARS) + "\"";
  }

  private static String say(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
