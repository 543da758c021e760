package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Somebody else is meant: my and your, he and she. Where "you" means anybody, "your" goes with it,
 * so that "how do I find my" is "how do you find your".
 */
final class ReferentGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("referent");

  private static final Set<String> HE_OR_SHE = Set.of("he", "she");
  private static final Set<String> HIS_OR_HER = Set.of("him", "her", "his", "hers");

  private static final Map<String, String> OWNERS =
      Map.of("my", "i", "mine", "i", "your", "you", "yours", "you", "our", "i", "ours", "i");

  @Override
  public boolean objects(EnglishPair pair) {
    return differ(pair, HE_OR_SHE) || differ(pair, HIS_OR_HER) || owns(pair.asked(), pair.stored());
  }

  /** {@return whether both texts have some of the words, and not the same} */
  private static boolean differ(EnglishPair pair, Set<String> words) {
    Set<String> asked = of(pair.asked(), words);
    Set<String> stored = of(pair.stored(), words);
    return !asked.isEmpty() && !stored.isEmpty() && !asked.equals(stored);
  }

  private static Set<String> of(EnglishText text, Set<String> words) {
    Set<String> found = new TreeSet<>();
    for (Word word : text.words()) {
      if (words.contains(word.form())) {
        found.add(word.form());
      }
    }
    return found;
  }

  /** {@return whether the owners differ, and not because all is said of another person} */
  private static boolean owns(EnglishText asked, EnglishText stored) {
    Set<String> askedOwners = owners(asked);
    Set<String> storedOwners = owners(stored);
    if (askedOwners.isEmpty() || storedOwners.isEmpty() || askedOwners.equals(storedOwners)) {
      return false;
    }
    return !(isGeneric(asked, askedOwners) && isGeneric(stored, storedOwners));
  }

  private static Set<String> owners(EnglishText text) {
    Set<String> owners = new TreeSet<>();
    for (Word word : text.words()) {
      if (OWNERS.containsKey(word.form())) {
        owners.add(OWNERS.get(word.form()));
      }
    }
    return owners;
  }

  /** {@return whether the owner is who does it} */
  private static boolean isGeneric(EnglishText text, Set<String> owners) {
    return text.words().stream()
        .anyMatch(
            word ->
                owners.contains(word.form()) || owners.contains("i") && word.form().equals("we"));
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
