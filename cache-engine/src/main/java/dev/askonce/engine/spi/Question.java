package dev.askonce.engine.spi;

import java.util.Optional;

/**
 * What is asked.
 *
 * @param text the text, or empty for a lookup by vector
 * @param threshold the least raw cosine in force: the route's, or the caller's where tighter
 * @param wrongShareMax the accepted share of wrong answers in force, likewise; over 0, at most 1
 */
public record Question(Optional<String> text, float threshold, double wrongShareMax) {}
