package dev.askonce.bench.evict;

/**
 * A stream of requests.
 *
 * @param trace its name
 * @param keys the key of each request, from 0
 * @param cost what a hit saves, by key
 * @param bytes what an entry takes, by key
 */
record Requests(String trace, int[] keys, long[] cost, int[] bytes) {}
