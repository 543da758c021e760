package dev.askonce.engine.internal.cache;

import dev.askonce.engine.CacheStats;
import dev.askonce.engine.LatencySummary;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.RouteStats;
import dev.askonce.engine.internal.index.IndexSpace;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** What happened since the cache was opened. All methods by any thread. */
final class Counters {
  /** Reason codes come from policies; beyond this many kinds they count as one. */
  private static final int REFUSAL_KINDS_MAX = 64;

  private static final String OTHER = "other";
  private static final int DIGITS = 3;

  final LongAdder exactHits = new LongAdder();
  final LongAdder semanticHits = new LongAdder();
  final LongAdder puts = new LongAdder();
  final LongAdder putsDropped = new LongAdder();
  final LongAdder putsOverQuota = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder evictedForEntries = new LongAdder();
  final LongAdder evictedForBytes = new LongAdder();
  final LongAdder evictedForDisk = new LongAdder();
  final LongAdder invalidated = new LongAdder();
  final LongAdder quarantined = new LongAdder();

  private final Map<MissReason, LongAdder> misses = new EnumMap<>(MissReason.class);
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();

  private final Histogram lookupNanos = new Histogram(DIGITS);
  private final Histogram embedNanos = new Histogram(DIGITS);
  private final Histogram putNanos = new Histogram(DIGITS);

  Counters() {
    for (MissReason reason : MissReason.values()) {
      misses.put(reason, new LongAdder());
    }
  }

  void count(Lookup lookup) {
    lookup
        .hit()
        .ifPresentOrElse(
            hit ->
                (switch (hit.kind()) {
                      case EXACT -> exactHits;
                      case SEMANTIC -> semanticHits;
                    })
                    .increment(),
            () -> misses.get(lookup.missReason().orElseThrow()).increment());
  }

  /** {@return hits and puts: what the lives of entries consist of} */
  long requests() {
    return exactHits.sum() + semanticHits.sum() + puts.sum();
  }

  void refused(String reason) {
    LongAdder known = refusals.get(reason);
    if (known == null) {
      String kind = refusals.size() < REFUSAL_KINDS_MAX ? reason : OTHER;
      known = refusals.computeIfAbsent(kind, k -> new LongAdder());
    }
    known.increment();
  }

  synchronized CacheStats snapshot(
      ContextPool contexts,
      long entries,
      long bytesHeld,
      long entriesRecovered,
      long scopes,
      long entriesUnlinked,
      IndexSpace space,
      long bytesOnDisk,
      long reopenNanos,
      Map<String, RouteStats> routes) {
    return new CacheStats(
        exactHits.sum(),
        semanticHits.sum(),
        occurred(misses, new EnumMap<>(MissReason.class)),
        occurred(refusals, new TreeMap<>()),
        puts.sum(),
        putsDropped.sum(),
        putsOverQuota.sum(),
        expired.sum(),
        evictedForEntries.sum(),
        evictedForBytes.sum(),
        evictedForDisk.sum(),
        invalidated.sum(),
        quarantined.sum(),
        entries,
        bytesHeld,
        entriesRecovered,
        scopes,
        entriesUnlinked,
        space.calibration().shadowFinds(),
        space.calibration().shadowLost(),
        bytesOnDisk,
        space.bytes(),
        reopenNanos,
        summary(contexts, lookupNanos, context -> context.lookupNanos),
        summary(contexts, embedNanos, context -> context.embedNanos),
        summary(contexts, putNanos, context -> context.putNanos),
        routes);
  }

  private static <K> Map<K, Long> occurred(Map<K, LongAdder> counts, Map<K, Long> result) {
    counts.forEach(
        (key, adder) -> {
          long sum = adder.sum();
          if (sum > 0) {
            result.put(key, sum);
          }
        });
    return result;
  }

  private static LatencySummary summary(
      ContextPool contexts, Histogram total, Function<SearchContext, SingleWriterRecorder> stage) {
    contexts.forEach(context -> total.add(stage.apply(context).getIntervalHistogram()));
    return new LatencySummary(total);
  }
}
