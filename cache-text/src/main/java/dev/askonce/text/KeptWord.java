package dev.askonce.text;

/**
 * A word of a text, and how probable it is that it must stay.
 *
 * @param start where it begins, in UTF-16 units
 * @param end where it ends, exclusive
 * @param tokens how many the model reads it as
 * @param probability from 0 to 1
 */
public record KeptWord(int start, int end, int tokens, float probability) {}
