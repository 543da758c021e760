package dev.askonce.optimizer.compress;

import dev.askonce.optimizer.compress.select.Budget;
import dev.askonce.optimizer.compress.select.ContextSelector;
import dev.askonce.optimizer.compress.select.Passage;
import dev.askonce.optimizer.compress.select.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Makes the material of a question shorter, at the risk of losing something. Called by many threads
 * at once. Equal arguments should give equal results: another result is another prefix for the
 * provider's cache.
 */
@FunctionalInterface
public interface MaterialCompressor {
  /** Where one passage of the material ends and the next begins. */
  Pattern EMPTY_LINE = Pattern.compile("\\R[ \\t]*\\R\\s*");

  /**
   * {@return the material, shorter}
   *
   * @param question what is asked about it
   * @param tokens counts the tokens of a text for the model that will read it
   */
  String compress(String question, String material, ToLongFunction<String> tokens);

  /**
   * {@return the compressor that keeps the sentences which the question needs} Paragraphs, as empty
   * lines divide them, are its passages.
   */
  static MaterialCompressor sentences(ContextSelector selector, Budget budget) {
    return (question, material, tokens) -> {
      List<Passage> passages = new ArrayList<>();
      for (String part : EMPTY_LINE.split(material.strip())) {
        passages.add(Passage.of(part));
      }
      Selection kept = selector.rank(question, passages, tokens).take(budget);
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < passages.size(); i++) {
        String text = kept.text(i);
        if (!text.isEmpty()) {
          out.append(out.isEmpty() ? "" : "\n\n").append(text);
        }
      }
      return out.toString();
    };
  }
}
