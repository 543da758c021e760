package dev.askonce.optimizer.audit;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sentences and lines that a text says again: the same words, whatever the case, the spaces and the
 * marks around them. Not thread-safe.
 */
final class Repeats {
  /** What a text says again. */
  record Found(int sentences, int chars) {
    static final Found NONE = new Found(0, 0);
  }

  /** Shorter ones are headings, labels and yes or no. */
  private static final int LETTERS_MIN = 25;

  private static final int TEXT_CHARS_MAX = 100_000;
  private static final int KNOWN_MAX = 256;
  private static final Pattern ENDS = Pattern.compile("\\R|(?<=[.!?])\\s+");
  private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** By text: most calls of a place have the same one. */
  private final Map<String, Found> known =
      new LinkedHashMap<>(KNOWN_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  Found in(String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      return Found.NONE;
    }
    Found found = known.get(text);
    if (found == null) {
      found = count(text);
      known.put(text, found);
    }
    return found;
  }

  private static Found count(String text) {
    Set<String> seen = new HashSet<>();
    int sentences = 0;
    int chars = 0;
    for (String sentence : ENDS.split(text)) {
      String words = MARKS.matcher(sentence.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
      if (words.length() >= LETTERS_MIN && !seen.add(words)) {
        sentences++;
        chars += sentence.length();
      }
    }
    return new Found(sentences, chars);
  }
}
