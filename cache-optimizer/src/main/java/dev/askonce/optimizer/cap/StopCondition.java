package dev.askonce.optimizer.cap;

import java.util.function.Supplier;

/**
 * Says where an answer is complete while it still arrives, so that a stream can be ended there.
 * Thread-safe; the scanner of one answer is not.
 */
@FunctionalInterface
public interface StopCondition {
  /** {@return what reads one answer} */
  Scanner begin();

  /**
   * {@return whether an answer that has to be JSON may be ended here too} One that looks at the
   * text and not at its form would leave JSON that is not closed.
   */
  default boolean fitsJson() {
    return true;
  }

  /** Reads an answer piece by piece. */
  @FunctionalInterface
  interface Scanner {
    /** The answer goes on. */
    int GO_ON = -1;

    /** {@return how many characters of this piece still belong to the answer, or {@link #GO_ON}} */
    int accept(String piece);
  }

  /**
   * {@return the end of the first line that is not blank: for labels, and not for answers in JSON}
   */
  static StopCondition firstLine() {
    return ofText(
        () ->
            new Scanner() {
              private boolean begun;

              @Override
              public int accept(String piece) {
                for (int at = 0; at < piece.length(); at++) {
                  char c = piece.charAt(at);
                  if (begun && (c == '\n' || c == '\r')) {
                    return at;
                  }
                  begun |= !Character.isWhitespace(c);
                }
                return GO_ON;
              }
            });
  }

  /** {@return a condition that an answer in JSON is not held to} */
  private static StopCondition ofText(Supplier<Scanner> scanners) {
    return new StopCondition() {
      @Override
      public Scanner begin() {
        return scanners.get();
      }

      @Override
      public boolean fitsJson() {
        return false;
      }
    };
  }

  /** {@return the end of the first JSON object or array that is closed; texts before it stay} */
  static StopCondition jsonClosed() {
    return JsonScanner::new;
  }

  /**
   * {@return the place where a phrase begins, such as the farewell of a chatty model} What of it
   * came before the piece that completes it stays. Not for answers in JSON.
   */
  static StopCondition phrase(String phrase) {
    return ofText(
        () ->
            new Scanner() {
              private String tail = "";

              @Override
              public int accept(String piece) {
                String text = tail + piece;
                int found = text.indexOf(phrase);
                if (found >= 0) {
                  return Math.max(0, found - tail.length());
                }
                tail = text.substring(Math.max(0, text.length() - phrase.length() + 1));
                return GO_ON;
              }
            });
  }
}
