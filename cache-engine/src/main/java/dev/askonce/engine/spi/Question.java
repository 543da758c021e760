package dev.askonce.engine.spi;

import java.util.Optional;

/**
 * What is asked.
 *
 * @param text the text, or empty for a lookup by vector
 * @param threshold the least raw cosine in force: the operator's, or the caller's where tighter
 */
public record Question(Optional<String> text, float threshold) {}
