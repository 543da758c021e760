package dev.askonce.text.english;

import dev.askonce.engine.decision.NumberGuard;
import dev.askonce.engine.decision.Token.Kind;
import dev.askonce.engine.spi.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * Other amounts: "within 30 days", "within 60". A unit that one text leaves out is no other one.
 */
final class NumberAndUnitGuard implements PairGuard {
  @Override
  public boolean objects(EnglishPair pair) {
    List<Word> left = numbers(pair.stored());
    for (Word number : numbers(pair.asked())) {
      Word other = left.stream().filter(each -> agree(number, each)).findFirst().orElse(null);
      if (other == null) {
        return true;
      }
      left.remove(other);
    }
    return !left.isEmpty();
  }

  private static boolean agree(Word number, Word other) {
    return number.stem().equals(other.stem())
        || number.form().equals(other.form())
            && (number.stem().endsWith(" ") || other.stem().endsWith(" "));
  }

  private static List<Word> numbers(EnglishText text) {
    List<Word> numbers = new ArrayList<>();
    for (Word word : text.words()) {
      if (word.kind() == Kind.NUMBER || word.kind() == Kind.SIGN) {
        numbers.add(word);
      }
    }
    return numbers;
  }

  @Override
  public Verdict refusal() {
    return NumberGuard.REFUSAL;
  }
}
