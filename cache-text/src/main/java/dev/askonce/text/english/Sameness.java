package dev.askonce.text.english;

import java.util.List;
import java.util.Set;

/**
 * Whether two texts say the same in the same words, but for articles, fillers, who asks how ("How
 * do I", "How can you"), and which of two things joined by "and" or "or" is named first. For pairs
 * that no guard objects to.
 */
final class Sameness {
  /** Verbs that ask in the same way; not those of another time, duty or wish. */
  private static final Set<String> ASKING = Set.of("do", "does", "can", "could");

  /** Fillers that change nothing wherever they are, as "just" and "even" may. */
  private static final Set<String> COURTESIES =
      Set.of("please", "kindly", "hi", "hello", "hey", "thanks", "thank", "dear", "ok", "okay");

  private static final Set<String> JOINTS = Set.of("and", "or");

  /** What may belong to the second of two things alone. */
  private static final Set<WordClass> ATTACHING =
      Set.of(
          WordClass.PREPOSITION,
          WordClass.LIGHT,
          WordClass.QUESTION,
          WordClass.PRONOUN,
          WordClass.CONJUNCTION);

  /** Words that make an order of an enumeration. */
  private static final Set<String> ORDERING =
      Set.of("respectively", "order", "first", "then", "before", "after", "than", "over", "that");

  private Sameness() {}

  static boolean of(EnglishText one, EnglishText other) {
    List<Word> asked = bare(one);
    List<Word> stored = bare(other);
    if (asked.size() != stored.size() || asked.stream().noneMatch(Word::isContent)) {
      return false;
    }
    for (int i = 0; i < asked.size(); i++) {
      if (isSame(asked.get(i), stored.get(i))) {
        continue;
      }
      if (!isMirrored(asked, stored, i) || !isPairOfThings(one, asked, i)) {
        return false;
      }
      i += 2;
    }
    return true;
  }

  /** {@return whether the words at and after {@code i} are "x and y", and "y and x"} */
  private static boolean isMirrored(List<Word> asked, List<Word> stored, int i) {
    return i + 2 < asked.size()
        && JOINTS.contains(asked.get(i + 1).form())
        && asked.get(i + 1).form().equals(stored.get(i + 1).form())
        && isSame(asked.get(i), stored.get(i + 2))
        && isSame(asked.get(i + 2), stored.get(i));
  }

  /**
   * {@return whether what is joined is two things, each with its article or a name, and nothing
   * else belongs to one of them alone} Of two actions the order may count.
   */
  private static boolean isPairOfThings(EnglishText text, List<Word> words, int i) {
    Word next = i + 3 < words.size() ? words.get(i + 3) : null;
    return isThing(text, words.get(i))
        && isThing(text, words.get(i + 2))
        && (next == null || ATTACHING.stream().noneMatch(next::is))
        && words.stream().noneMatch(word -> ORDERING.contains(word.form()));
  }

  private static boolean isThing(EnglishText text, Word word) {
    int place = text.words().indexOf(word);
    return word.name() || place > 0 && text.words().get(place - 1).is(WordClass.DETERMINER);
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
