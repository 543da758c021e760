package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * A negation or an antonym that one text has and the other has not. Two that meet in one phrase
 * cancel: "more patient" and "less impatient".
 */
final class PolarityGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("polarity");

  /** Texts that have so many words at most that the other has not hardly differ. */
  private static final int NEAR_MAX = 2;

  private static final int PHRASE_WORDS_MAX = 2;

  /** A word, and the opposite that the other text has instead. */
  private record Turn(Word asked, Word stored) {
    Turn reversed() {
      return new Turn(stored, asked);
    }
  }

  @Override
  public boolean objects(EnglishPair pair) {
    boolean near = pair.onlyAsked().size() <= NEAR_MAX && pair.onlyStored().size() <= NEAR_MAX;
    int negators = negators(pair.asked()) - negators(pair.stored());
    // Which word turns which may depend on where one begins.
    List<Turn> there = turns(pair.onlyAsked(), pair.onlyStored(), near);
    List<Turn> back =
        turns(pair.onlyStored(), pair.onlyAsked(), near).stream().map(Turn::reversed).toList();
    int count = Math.abs(negators) + Math.max(there.size(), back.size());
    return count > 0
        && !(count == 2 && (cancel(pair, there, negators) || cancel(pair, back, negators)));
  }

  private static List<Turn> turns(List<Word> words, List<Word> others, boolean near) {
    List<Turn> turns = new ArrayList<>(0);
    List<Word> left = new ArrayList<>(others);
    for (Word word : words) {
      for (Word other : left) {
        if (areOpposites(word, other, near)) {
          turns.add(new Turn(word, other));
          left.remove(other);
          break;
        }
      }
    }
    return turns;
  }

  /** A negator is counted as such, whatever it is the opposite of. */
  private static boolean areOpposites(Word word, Word other, boolean near) {
    return !word.is(WordClass.NEGATOR)
        && !other.is(WordClass.NEGATOR)
        && (Lexicon.ENGLISH.areOpposites(word.stem(), other.stem())
            || near && Lexicon.ENGLISH.areSmallOpposites(word.stem(), other.stem()));
  }

  private static int negators(EnglishText text) {
    int count = 0;
    for (Word word : text.words()) {
      count += word.is(WordClass.NEGATOR) ? 1 : 0;
    }
    return count;
  }

  /** {@return whether two that turn the meaning stand in one phrase, of each text} */
  private static boolean cancel(EnglishPair pair, List<Turn> turns, int negators) {
    if (turns.size() == 2) {
      return areNear(pair.askedSurface(), turns.get(0).asked(), turns.get(1).asked())
          && areNear(pair.storedSurface(), turns.get(0).stored(), turns.get(1).stored());
    } else if (turns.isEmpty()) {
      return false;
    }
    Turn turn = turns.getFirst();
    List<Word> negated = negators > 0 ? pair.askedSurface() : pair.storedSurface();
    Word word = negators > 0 ? turn.asked() : turn.stored();
    return negated.stream()
        .anyMatch(near -> near.is(WordClass.NEGATOR) && areNear(negated, near, word));
  }

  private static boolean areNear(List<Word> words, Word one, Word other) {
    return Math.abs(words.indexOf(one) - words.indexOf(other)) <= PHRASE_WORDS_MAX;
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
