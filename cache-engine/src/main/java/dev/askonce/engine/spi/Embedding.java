package dev.askonce.engine.spi;

/**
 * A text as a vector.
 *
 * @param vector the components; need not be of unit length
 * @param truncated whether the text was longer than the model reads: such a text is answered by
 *     exact repeats only, since two long texts may differ behind the cut
 */
public record Embedding(float[] vector, boolean truncated) {}
