package dev.askonce.optimizer.cost;

import dev.askonce.optimizer.chat.Usage;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of each {@link Kind} a call used, as its provider counted it: a whole has its parts
 * among it. Immutable.
 */
public final class Counts {
  private static final int KINDS = Kind.values().length;

  private final long[] byKind;

  private Counts(long[] byKind) {
    this.byKind = byKind;
  }

  /** {@return these counts; kinds that are not named are zero, but for the one request} */
  public static Counts of(Map<Kind, Long> counts) {
    long[] byKind = new long[KINDS];
    byKind[Kind.REQUESTS.ordinal()] = 1;
    counts.forEach((kind, count) -> byKind[kind.ordinal()] = count);
    return new Counts(byKind);
  }

  /** {@return the counts of a call} A part that is larger than its whole is cut to it. */
  public static Counts of(Usage usage) {
    long cached = Math.min(usage.cachedInput(), usage.input());
    long written = Math.min(usage.cacheWrite(), usage.input() - cached);
    long reasoning = Math.min(usage.reasoning(), usage.output());
    long[] byKind = new long[KINDS];
    byKind[Kind.INPUT.ordinal()] = usage.input();
    byKind[Kind.CACHE_READ.ordinal()] = cached;
    byKind[Kind.CACHE_WRITE.ordinal()] = written;
    byKind[Kind.CACHE_WRITE_1H.ordinal()] = Math.min(usage.cacheWriteHour(), written);
    byKind[Kind.INPUT_AUDIO.ordinal()] =
        Math.min(usage.inputAudio(), usage.input() - cached - written);
    byKind[Kind.OUTPUT.ordinal()] = usage.output();
    byKind[Kind.OUTPUT_REASONING.ordinal()] = reasoning;
    byKind[Kind.OUTPUT_AUDIO.ordinal()] = Math.min(usage.outputAudio(), usage.output() - reasoning);
    byKind[Kind.WEB_SEARCHES.ordinal()] = usage.webSearches();
    byKind[Kind.REQUESTS.ordinal()] = 1;
    return new Counts(byKind);
  }

  public long of(Kind kind) {
    return byKind[kind.ordinal()];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts counts && Arrays.equals(byKind, counts.byKind);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(byKind);
  }

  /** {@return what is not zero, by the names of the counts} */
  public Map<String, Long> byName() {
    Map<String, Long> named = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      if (kind != Kind.REQUESTS && byKind[kind.ordinal()] != 0) {
        named.put(kind.countKey(), byKind[kind.ordinal()]);
      }
    }
    return named;
  }

  @Override
  public String toString() {
    return byName().toString();
  }
}
