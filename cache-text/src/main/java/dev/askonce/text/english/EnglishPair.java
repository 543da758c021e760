package dev.askonce.text.english;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two texts side by side, and what each has that the other has not. Immutable. */
final class EnglishPair {
  private final EnglishText asked;
  private final EnglishText stored;
  private final List<Word> askedSurface;
  private final List<Word> storedSurface;
  private final List<Word> onlyAsked = new ArrayList<>();
  private final List<Word> onlyStored = new ArrayList<>();

  EnglishPair(EnglishText asked, EnglishText stored) {
    this.asked = asked;
    this.stored = stored;
    askedSurface = surface(asked);
    storedSurface = surface(stored);
    Map<String, Integer> counts = new HashMap<>();
    storedSurface.forEach(word -> counts.merge(word.stem(), 1, Integer::sum));
    askedSurface.forEach(word -> take(counts, word, onlyAsked));
    counts.clear();
    askedSurface.forEach(word -> counts.merge(word.stem(), 1, Integer::sum));
    storedSurface.forEach(word -> take(counts, word, onlyStored));
  }

  private static void take(Map<String, Integer> counts, Word word, List<Word> only) {
    Integer left = counts.get(word.stem());
    if (left == null || left == 0) {
      only.add(word);
    } else {
      counts.put(word.stem(), left - 1);
    }
  }

  private static List<Word> surface(EnglishText text) {
    return text.words().stream()
        .filter(word -> !word.isFiller() && !word.is(WordClass.DETERMINER))
        .toList();
  }

  EnglishText asked() {
    return asked;
  }

  EnglishText stored() {
    return stored;
  }

  /** {@return the words without articles and fillers} */
  List<Word> askedSurface() {
    return askedSurface;
  }

  List<Word> storedSurface() {
    return storedSurface;
  }

  /** {@return the words whose stems the other text has not, or not so often} */
  List<Word> onlyAsked() {
    return onlyAsked;
  }

  List<Word> onlyStored() {
    return onlyStored;
  }
}
