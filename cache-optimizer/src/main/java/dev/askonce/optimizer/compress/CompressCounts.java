package dev.askonce.optimizer.compress;

/**
 * What a lever did since it was built.
 *
 * @param changed requests that were sent in another form
 * @param tokensSaved input tokens that were not sent
 * @param failures requests that went on as they came, because the lever failed
 */
public record CompressCounts(long changed, long tokensSaved, long failures) {}
