package dev.askonce.text.english;

import java.util.List;
import java.util.Set;

/**
 * Whether two texts say the same in the same words, but for articles, fillers, and who asks how:
 * "How do I", "How can you". For pairs that no guard objects to.
 */
final class Sameness {
  /** Verbs that ask in the same way; not those of another time, duty or wish. */
  private static final Set<String> ASKING = Set.of("do", "does", "can", "could");

  /** Fillers that change nothing wherever they are, as "just" and "even" may. */
  private static final Set<String> COURTESIES =
      Set.of("please", "kindly", "hi", "hello", "hey", "thanks", "thank", "dear", "ok", "okay");

  private Sameness() {}

  static boolean of(EnglishText one, EnglishText other) {
    List<Word> asked = bare(one);
    List<Word> stored = bare(other);
    if (asked.size() != stored.size() || asked.stream().noneMatch(Word::isContent)) {
      return false;
    }
    for (int i = 0; i < asked.size(); i++) {
      if (!isSame(asked.get(i), stored.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Word> bare(EnglishText text) {
    return text.words().stream()
        .filter(word -> !word.is(WordClass.DETERMINER) && !COURTESIES.contains(word.form()))
        .toList();
  }

  private static boolean isSame(Word word, Word other) {
    return word.form().equals(other.form())
        || word.isContent() && word.stem().equals(other.stem())
        || ASKING.contains(word.form()) && ASKING.contains(other.form())
        || word.is(WordClass.GENERIC) && other.is(WordClass.GENERIC);
  }
}
