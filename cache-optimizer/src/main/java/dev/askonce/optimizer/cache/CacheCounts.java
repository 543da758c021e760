package dev.askonce.optimizer.cache;

import java.util.Map;

/**
 * What the cache lever did since it was made; read one count after another while others may write.
 *
 * @param hits requests answered from the cache
 * @param misses requests asked of the cache and answered by the provider
 * @param bypassed requests not asked of the cache, by reason; a reason that never occurred is
 *     absent
 * @param stored replies handed to the cache
 * @param declined replies not kept: errors, cut off, refused, with tool calls, too large
 * @param passedOver times the cache was in trouble and the request went on without it
 */
public record CacheCounts(
    long hits,
    long misses,
    Map<BypassReason, Long> bypassed,
    long stored,
    long declined,
    long passedOver) {}
