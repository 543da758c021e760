package dev.askonce.optimizer.compress.select;

import java.util.List;

/**
 * What stays of a context.
 *
 * @param passages the passages as they came
 * @param kept the pieces that stay, in the order of the context
 */
public record Selection(List<Passage> passages, List<Piece> kept) {
  private static final String GAP = " ";

  /** {@return the tokens of what stays} */
  public long tokens() {
    return kept.stream().mapToLong(Piece::tokens).sum();
  }

  /** {@return what stays of a passage; empty if nothing does} Neighbours keep what was between. */
  public String text(int passage) {
    String text = passages.get(passage).text();
    StringBuilder out = new StringBuilder();
    int end = -1;
    for (Piece piece : kept) {
      if (piece.passage() != passage) {
        continue;
      }
      if (end >= 0) {
        String between = text.substring(end, piece.start());
        out.append(between.isBlank() ? between : lineOrSpace(between));
      }
      out.append(text, piece.start(), piece.end());
      end = piece.end();
    }
    return out.toString();
  }

  private static String lineOrSpace(String dropped) {
    return dropped.indexOf('\n') >= 0 ? "\n" : GAP;
  }
}
