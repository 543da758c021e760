package dev.askonce.cli.eval;

import dev.askonce.optimizer.compress.select.Passage;
import dev.askonce.optimizer.compress.select.Piece;
import dev.askonce.optimizer.compress.select.Selection;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A question, the context that is sent with it, and what would be a right answer.
 *
 * @param answers each in {@linkplain #normal normal form}; any of them will do
 * @param answering the passages that count; an answer that another holds by chance does not
 */
record GoldContext(
    String question, List<Passage> passages, BitSet answering, List<String> answers) {
  private static final Pattern PUNCTUATION = Pattern.compile("[\\p{P}\\p{S}]+");
  private static final Pattern ARTICLE = Pattern.compile("\\b(a|an|the)\\b");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** {@return a text as SQuAD's and Natural Questions' scripts compare it} */
  static String normal(String text) {
    String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    return SPACE.matcher(ARTICLE.matcher(plain).replaceAll(" ")).replaceAll(" ").strip();
  }

  /** {@return whether a text has one of the answers} */
  boolean isAnsweredBy(String text) {
    String normal = normal(text);
    return answers.stream().anyMatch(normal::contains);
  }

  /** {@return whether the context has one of the answers before anything is dropped} */
  boolean isAnswered() {
    return answering.stream().anyMatch(i -> isAnsweredBy(passages.get(i).text()));
  }

  boolean isAnsweredBy(Selection selection) {
    return answering.stream().anyMatch(i -> isAnsweredBy(selection.text(i)));
  }

  /** {@return how a passage is introduced in the prompt} */
  String header(int passage) {
    String title = passages.get(passage).title();
    return title.isEmpty()
        ? "Document [" + (passage + 1) + "] "
        : "Document [" + (passage + 1) + "](Title: " + title + ") ";
  }

  /** {@return the passages of which something stays} */
  static BitSet kept(Selection selection) {
    BitSet kept = new BitSet();
    for (Piece piece : selection.kept()) {
      kept.set(piece.passage());
    }
    return kept;
  }
}
