package dev.askonce.optimizer.cap;

/** Finds where the first JSON object or array of an answer is closed. Not thread-safe. */
final class JsonScanner implements StopCondition.Scanner {
  private int depth;
  private boolean inString;
  private boolean escaped;

  @Override
  public int accept(String piece) {
    for (int at = 0; at < piece.length(); at++) {
      if (isEnd(piece.charAt(at))) {
        return at + 1;
      }
    }
    return GO_ON;
  }

  private boolean isEnd(char c) {
    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return false;
    }
    switch (c) {
      case '{', '[' -> depth++;
      case '}', ']' -> {
        if (depth > 0) {
          depth--;
          return depth == 0;
        }
      }
      // Quotes outside of any object are those of a sentence.
      case '"' -> inString = depth > 0;
      default -> {
        // Part of a number, a name or white space.
      }
    }
    return false;
  }
}
