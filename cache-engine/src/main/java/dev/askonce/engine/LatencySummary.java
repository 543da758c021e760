package dev.askonce.engine;

/**
 * The latencies of one stage since the cache was opened.
 *
 * @param count how often the stage ran
 * @param p50Nanos the median; as all of them exact to three digits
 * @param p99Nanos the 99th percentile
 * @param p999Nanos the 99.9th percentile
 * @param maxNanos the slowest
 */
public record LatencySummary(
    long count, long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {}
