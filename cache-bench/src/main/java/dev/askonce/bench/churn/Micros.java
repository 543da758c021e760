package dev.askonce.bench.churn;

import org.HdrHistogram.AbstractHistogram;

/** Percentiles of latencies, in microseconds. */
public record Micros(double p50, double p99) {
  static Micros of(AbstractHistogram nanos) {
    return new Micros(nanos.getValueAtPercentile(50) / 1e3, nanos.getValueAtPercentile(99) / 1e3);
  }
}
