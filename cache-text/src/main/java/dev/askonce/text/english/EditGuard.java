package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.List;

/**
 * All the same but for one place, and there a word of weight was added, left out, or exchanged for
 * one that is no synonym. On questions of a forum, pairs like that had one answer in one of four
 * cases only, while paraphrases differ in several places.
 */
final class EditGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("word");
  private static final int CONTEXT_MIN = 2;
  private static final int EDIT_MAX = 4;

  @Override
  public boolean objects(EnglishPair pair) {
    List<Word> asked = pair.askedSurface();
    List<Word> stored = pair.storedSurface();
    int shorter = Math.min(asked.size(), stored.size());
    int from = 0;
    while (from < shorter && isSame(asked.get(from), stored.get(from))) {
      from++;
    }
    int end = 0;
    while (end < shorter - from
        && isSame(asked.get(asked.size() - 1 - end), stored.get(stored.size() - 1 - end))) {
      end++;
    }
    List<Word> left = asked.subList(from, asked.size() - end);
    List<Word> right = stored.subList(from, stored.size() - end);
    int context = Math.min(contents(asked, from, end), contents(stored, from, end));
    if (context < CONTEXT_MIN || left.size() > EDIT_MAX || right.size() > EDIT_MAX) {
      return false;
    }
    int onlyLeft = weight(left, right);
    int onlyRight = weight(right, left);
    if (left.isEmpty() || right.isEmpty()) {
      return onlyLeft + onlyRight > 0
          && isBeforeContent(left.isEmpty() ? stored : asked, from, end);
    }
    return onlyLeft > 0 && onlyRight > 0 && (left.size() == 1 || right.size() == 1)
        || onlyLeft > 1 && onlyRight > 1;
  }

  /** {@return how many words of weight there are but for those between} */
  private static int contents(List<Word> words, int from, int end) {
    int contents = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean outside = i < from || i >= words.size() - end;
      contents += outside && words.get(i).isContent() ? 1 : 0;
    }
    return contents;
  }

  /** {@return whether what was added describes what follows, or the word before} */
  private static boolean isBeforeContent(List<Word> words, int from, int end) {
    return end > 0 && words.get(words.size() - end).isContent();
  }

  /** {@return whether they do the same work in a sentence} */
  private static boolean isSame(Word word, Word other) {
    return word.stem().equals(other.stem())
        || word.is(WordClass.AUXILIARY) && other.is(WordClass.AUXILIARY)
        || word.is(WordClass.LIGHT) && other.is(WordClass.LIGHT)
        || word.is(WordClass.GENERIC) && other.is(WordClass.GENERIC)
        || isWhat(word) && isWhat(other);
  }

  private static boolean isWhat(Word word) {
    return word.form().equals("what") || word.form().equals("which");
  }

  /** {@return how many words of weight have none in the other that may stand for them} */
  private static int weight(List<Word> words, List<Word> others) {
    int weight = 0;
    for (Word word : words) {
      weight += word.isContent() && others.stream().noneMatch(o -> stands(word, o)) ? 1 : 0;
    }
    return weight;
  }

  private static boolean stands(Word word, Word other) {
    return Lexicon.ENGLISH.areSynonyms(word.stem(), other.stem())
        || Lexicon.ENGLISH.areOpposites(word.stem(), other.stem())
        || Spelling.isNear(word.stem(), other.stem());
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
