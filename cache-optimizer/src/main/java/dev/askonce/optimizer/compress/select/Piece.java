package dev.askonce.optimizer.compress.select;

/**
 * A sentence of a passage, or a block of code: what is kept or dropped as a whole.
 *
 * @param passage the number of its passage, from 0
 * @param start where it begins in the passage's text, in UTF-16 units
 * @param end where it ends, exclusive
 * @param tokens its tokens
 * @param share the share of the whole context's evidence that it has, from 0 to 1; all pieces
 *     together have 1
 * @param must whether it stays whatever its share
 * @param bound whether it limits what the piece before it says ("however", "except"), and so stays
 *     where that one does
 */
public record Piece(
    int passage, int start, int end, long tokens, double share, boolean must, boolean bound) {
  Piece share(double value) {
    return new Piece(passage, start, end, tokens, value, must, bound);
  }
}
