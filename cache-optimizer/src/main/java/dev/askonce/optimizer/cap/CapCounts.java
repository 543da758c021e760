package dev.askonce.optimizer.cap;

/**
 * What the cap lever did since it was made; read one count after another while others may write.
 *
 * @param shaped calls of which it changed the request, or watches the stream
 * @param explored calls whose length it left alone, to know it
 * @param truncated answers that a limit of ours cut off
 * @param retried truncated answers that were asked anew with the larger limit
 * @param passedOn answers that were cut off by us and went to the caller so: the larger limit was
 *     not enough, the second try failed, or it was a stream
 * @param streamsCut streams ended at the limit by us, not by the provider
 * @param streamsStopped streams ended by a {@link StopCondition}
 * @param refused changed requests that a provider refused and took as they came
 * @param passedOver times the lever was in trouble and the request went on without it
 */
public record CapCounts(
    long shaped,
    long explored,
    long truncated,
    long retried,
    long passedOn,
    long streamsCut,
    long streamsStopped,
    long refused,
    long passedOver) {}
