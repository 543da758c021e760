package dev.askonce.optimizer.replay;

import dev.askonce.engine.CacheStats;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.replay.ReplayReport.Saving;
import dev.askonce.optimizer.replay.ReplayReport.Sensitivity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Puts a report together. */
record Summary(Replay.Tally tally, Optional<CacheStats> stats) {
  private static final double NANOS = 1e9;
  private static final double MILLIS_OF_DAY = Duration.ofDays(1).toMillis();
  private static final double[] HIT_RATES = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  private static final double[] CHEAP_SHARES = {0, 0.2, 0.4, 0.6, 0.8, 1};

  ReplayReport report(Account account, List<Lever> levers) {
    long saved = account.cacheSaved;
    Map<String, Saving> savings = new LinkedHashMap<>();
    if (stats.isPresent()) {
      long cache = account.cacheSaved;
      savings.put(CacheLever.NAME, saving(account, cache, cache, tally.hits));
    }
    for (int i = 0; i < levers.size(); i++) {
      saved += account.together[i];
      savings.put(
          levers.get(i).name(),
          saving(account, account.alone[i], account.together[i], account.touched[i]));
    }
    long answered = tally.hits + tally.misses;
    long routed = tally.routedTo.values().stream().mapToLong(Long::longValue).sum();
    return new ReplayReport(
        tally.requests,
        tally.first == null ? "" : tally.first.toString(),
        tally.last == null ? "" : tally.last.toString(),
        days(),
        account.baseline / NANOS,
        (account.baseline - saved) / NANOS,
        percent(saved, account.baseline),
        savings,
        new ReplayReport.CacheUse(
            tally.hits,
            ratio(tally.hits, answered),
            stats.map(CacheStats::exactHits).orElse(0L),
            stats.map(CacheStats::semanticHits).orElse(0L),
            tally.otherAnswers),
        new ReplayReport.RouteUse(ratio(routed, tally.misses), new TreeMap<>(tally.routedTo)),
        new ReplayReport.CapUse(account.cutTogether, account.cappedAskedAgain / NANOS),
        account.drivers.top(days()),
        sensitivity(account, ratio(tally.hits, answered), ratio(routed, tally.misses)),
        new ReplayReport.Skipped(
            tally.malformed,
            List.copyOf(tally.malformedLines),
            tally.passedThrough,
            tally.failed,
            tally.outOfOrder,
            tally.estimated,
            tally.withoutTexts,
            new TreeMap<>(account.unpriced)),
        List.copyOf(tally.measured),
        List.copyOf(tally.assumed));
  }

  private double days() {
    double millis = tally.first == null ? 0 : Duration.between(tally.first, tally.last).toMillis();
    return millis == 0 ? 1 : millis / MILLIS_OF_DAY;
  }

  private static Saving saving(Account account, long alone, long together, long calls) {
    return new Saving(
        alone / NANOS,
        together / NANOS,
        percent(alone, account.baseline),
        percent(together, account.baseline),
        calls);
  }

  /** The grid, with the measured hit rate and cheap share among the others. */
  private static List<Sensitivity> sensitivity(Account account, double hitRate, double cheapShare) {
    double asAsked = ratio(account.missAsAsked, account.missBaseline);
    double onBudget = ratio(account.missOnBudget, account.missBaseline);
    List<Sensitivity> cases = new ArrayList<>();
    if (account.missBaseline == 0) {
      return cases;
    }
    for (double hits : with(HIT_RATES, hitRate)) {
      for (double cheap : with(CHEAP_SHARES, cheapShare)) {
        double cost = (1 - hits) * (cheap * onBudget + (1 - cheap) * asAsked);
        cases.add(new Sensitivity(hits, cheap, 100 * (1 - cost)));
      }
    }
    return cases;
  }

  private static double[] with(double[] grid, double measured) {
    return DoubleStream.concat(Arrays.stream(grid), DoubleStream.of(measured))
        .sorted()
        .distinct()
        .toArray();
  }

  private static double percent(long part, long whole) {
    return 100 * ratio(part, whole);
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
