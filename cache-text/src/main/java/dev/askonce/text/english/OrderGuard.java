package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.List;

/**
 * The same words, in places that were exchanged: "who acquired whom", "from A to B". Phrases that
 * moved as a whole take their small words along and are left alone, as is what is joined by "and",
 * "or", "between" or a relation that has no direction.
 */
final class OrderGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("order");

  @Override
  public boolean objects(EnglishPair pair) {
    return isSwapped(pair) || RoleSwap.isSwapped(pair);
  }

  private static boolean isSwapped(EnglishPair pair) {
    List<Word> asked = pair.askedSurface();
    List<Word> stored = pair.storedSurface();
    if (asked.size() != stored.size() || !pair.onlyAsked().isEmpty()) {
      return false;
    }
    int first = -1;
    int last = -1;
    for (int i = 0; i < asked.size(); i++) {
      if (!asked.get(i).stem().equals(stored.get(i).stem())) {
        if (!carries(asked.get(i)) || !carries(stored.get(i))) {
          return false;
        }
        first = first < 0 ? i : first;
        last = i;
      }
    }
    return first >= 0 && !isSymmetric(asked, first, last);
  }

  private static boolean carries(Word word) {
    return word.isContent() || word.is(WordClass.PRONOUN);
  }

  private static boolean isSymmetric(List<Word> words, int first, int last) {
    boolean joined = false;
    boolean symmetric = false;
    boolean than = false;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      boolean inside = i > first && i < last;
      joined |= inside && (word.form().equals("and") || word.form().equals("or"));
      symmetric |= word.is(WordClass.SYMMETRIC) && i < last;
      than |= inside && word.form().equals("than");
    }
    return (joined || symmetric) && !than;
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
