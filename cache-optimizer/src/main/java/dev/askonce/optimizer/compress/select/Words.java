package dev.askonce.optimizer.compress.select;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text that carry meaning: in lower case, without English function words and
 * endings. Other languages pass with their endings.
 */
final class Words {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s\\b");
  private static final String[] ENDINGS = {"ing", "ed", "es", "s", "ly"};
  private static final int STEM_CHARS_MIN = 3;

  private static final Set<String> FUNCTION_WORDS =
      Set.of(
          "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or",
          "is", "are", "was", "were", "be", "been", "do", "does", "did", "has", "have", "had",
          "who", "what", "when", "where", "which", "how", "many", "much", "why", "that", "this",
          "it", "its", "as", "s", "t", "you", "your", "i", "my", "me", "we", "our", "they", "their",
          "he", "she", "his", "her", "not", "no", "so", "if", "then", "than", "there", "can",
          "could", "will", "would", "should", "may", "might", "name");

  private Words() {}

  /** {@return the words that carry meaning, in their order, as stems} */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    String plain = POSSESSIVE.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    for (Matcher word = WORD.matcher(plain); word.find(); ) {
      if (!FUNCTION_WORDS.contains(word.group())) {
        words.add(stem(word.group()));
      }
    }
    return words;
  }

  static Set<String> setOf(String text) {
    return new HashSet<>(of(text));
  }

  /** {@return whether a word is one of the most common, which name nothing} */
  static boolean isFunctionWord(String lower) {
    return FUNCTION_WORDS.contains(lower);
  }

  static String stem(String lower) {
    for (String ending : ENDINGS) {
      if (lower.endsWith(ending) && lower.length() - ending.length() >= STEM_CHARS_MIN) {
        return lower.substring(0, lower.length() - ending.length());
      }
    }
    return lower;
  }
}
