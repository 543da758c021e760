package dev.askonce.engine.spi;

/**
 * A text as a vector.
 *
 * @param vector the components; need not be of unit length
 * @param truncated whether the model did not see all of the text, because it was longer than it
 *     reads or held words it has no token for: such a text is answered by exact repeats only, since
 *     two of them may differ in what was not seen
 */
public record Embedding(float[] vector, boolean truncated) {}
