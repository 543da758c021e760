package dev.askonce.optimizer.compress.select;

import java.util.Objects;

/**
 * One text of a context: a retrieved chunk, a document, a tool's result.
 *
 * @param title what it is about, or the empty string
 */
public record Passage(String title, String text) {
  public Passage {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(text, "text");
  }

  /** {@return a passage without a title} */
  public static Passage of(String text) {
    return new Passage("", text);
  }

  /** {@return title and text, as they are embedded} */
  String whole() {
    return title.isEmpty() ? text : title + ": " + text;
  }
}
