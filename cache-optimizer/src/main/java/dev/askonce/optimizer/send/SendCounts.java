package dev.askonce.optimizer.send;

import java.util.Map;

/**
 * What the fallback lever did since it was made; read one count after another while others may
 * write.
 *
 * @param calls requests that came
 * @param retries tries of a target that had failed for the same request
 * @param fallbacks requests that another target answered, by its name
 * @param cooldowns times a target was left alone for a while
 * @param retriesDenied retries that the budget had no token for
 * @param failed requests that no target answered
 */
public record SendCounts(
    long calls,
    long retries,
    Map<String, Long> fallbacks,
    long cooldowns,
    long retriesDenied,
    long failed) {}
