package dev.askonce.training;

/**
 * Two texts and whether one answer serves both.
 *
 * @param label 1 where it does, 0 where not
 */
record Pair(String a, String b, int label) {}
