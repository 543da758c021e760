package dev.askonce.bench.evict;

/**
 * One policy on one trace. The names are those of its JSON form and stay.
 *
 * @param trace the stream of requests, see {@link Trace}
 * @param policy who evicted, see {@link Contender}
 * @param budget {@code entries} or {@code bytes}
 * @param size how many of them
 * @param requests asked, a cold cache's included
 * @param hits of them answered
 * @param savedCost what the hits saved, in nano-dollars
 * @param savedCostRatio of what all requests would have cost
 * @param byteHitRatio bytes answered of bytes asked for
 * @param evictions entries that had to leave
 */
public record Row(
    String trace,
    String policy,
    String budget,
    long size,
    long requests,
    long hits,
    double hitRatio,
    double savedCost,
    double savedCostRatio,
    double byteHitRatio,
    long evictions) {}
