package dev.askonce.text.english;

import java.util.List;
import java.util.Set;

/** Who does it to whom, across the passive: "did A use B" is "was B used by A". */
final class RoleSwap {
  private static final Set<String> BE =
      Set.of("is", "are", "was", "were", "be", "been", "being", "am");

  private RoleSwap() {}

  static boolean isSwapped(EnglishPair pair) {
    int askedBy = by(pair.askedSurface());
    int storedBy = by(pair.storedSurface());
    if (askedBy > 0 == storedBy > 0) {
      return false;
    }
    return askedBy > 0
        ? keepsPlaces(pair.storedSurface(), pair.askedSurface(), askedBy)
        : keepsPlaces(pair.askedSurface(), pair.storedSurface(), storedBy);
  }

  /** {@return where the agent of a passive is named, or -1} */
  private static int by(List<Word> words) {
    boolean be = false;
    for (int i = 0; i + 1 < words.size(); i++) {
      be |= BE.contains(words.get(i).form());
      if (be && i > 1 && words.get(i).form().equals("by")) {
        return i;
      }
    }
    return -1;
  }

  /** {@return whether patient, verb and agent of the passive are subject, verb and object} */
  private static boolean keepsPlaces(List<Word> active, List<Word> passive, int by) {
    String verb = passive.get(by - 1).stem();
    int activeVerb = -1;
    for (int i = 1; i + 1 < active.size(); i++) {
      if (active.get(i).stem().equals(verb)) {
        activeVerb = i;
      }
    }
    return activeVerb > 0
        && active.get(activeVerb - 1).stem().equals(passive.get(by - 2).stem())
        && active.get(activeVerb + 1).stem().equals(passive.get(by + 1).stem());
  }
}
