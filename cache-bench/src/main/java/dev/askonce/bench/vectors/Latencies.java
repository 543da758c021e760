package dev.askonce.bench.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * How long single searches took.
 *
 * @param hitMicros of queries whose best entry reaches the threshold, or null if there are none
 * @param missMicros of the others, or null
 * @param missMicrosByBest the median of the others, by bucket of their best entry's cosine
 */
record Latencies(
    Percentiles hitMicros, Percentiles missMicros, Map<String, Double> missMicrosByBest) {
  /** In microseconds. */
  public record Percentiles(double p50, double p99) {
    private static Percentiles of(Histogram histogram) {
      return histogram.getTotalCount() == 0
          ? null
          : new Percentiles(micros(histogram, 50), micros(histogram, 99));
    }
  }

  private static final int DIGITS = 3;
  private static final int NANOS_PER_MICRO = 1000;

  /** In tenths of a cosine; what is less falls into one bucket. */
  private static final int BUCKET_MIN = 5;

  static Latencies of(float tau, Truth truth, Answers answers) {
    Histogram hits = new Histogram(DIGITS);
    Histogram misses = new Histogram(DIGITS);
    Histogram[] buckets = new Histogram[11];
    for (int query = 0; query < answers.queryCount(); query++) {
      float best = truth.best(query);
      if (best >= tau) {
        hits.recordValue(answers.nanos(query));
        continue;
      }
      misses.recordValue(answers.nanos(query));
      int bucket = Math.clamp((int) Math.floor(best * 10), BUCKET_MIN - 1, 10);
      if (buckets[bucket] == null) {
        buckets[bucket] = new Histogram(DIGITS);
      }
      buckets[bucket].recordValue(answers.nanos(query));
    }
    return new Latencies(Percentiles.of(hits), Percentiles.of(misses), medians(buckets));
  }

  private static Map<String, Double> medians(Histogram[] buckets) {
    Map<String, Double> medians = new LinkedHashMap<>();
    for (int i = 0; i < buckets.length; i++) {
      if (buckets[i] != null) {
        String name =
            i < BUCKET_MIN ? "<0.5" : "0.%d-%d.%d".formatted(i, (i + 1) / 10, (i + 1) % 10);
        medians.put(name, micros(buckets[i], 50));
      }
    }
    return medians;
  }

  private static double micros(Histogram histogram, double percentile) {
    return (double) histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
  }
}
