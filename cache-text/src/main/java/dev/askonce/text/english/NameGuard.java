package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.HashSet;
import java.util.Set;

/** Somebody or something else: a proper name that the other text has not. */
final class NameGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("name");

  @Override
  public boolean objects(EnglishPair pair) {
    boolean asked = hasForeign(pair.asked(), pair.stored());
    boolean stored = hasForeign(pair.stored(), pair.asked());
    return asked && stored;
  }

  /** {@return whether a name of a text has no part in the other} */
  private static boolean hasForeign(EnglishText text, EnglishText other) {
    Set<String> forms = new HashSet<>();
    other.words().forEach(word -> forms.add(word.stem()));
    String initials = initials(other);
    for (Word word : text.words()) {
      if (word.name()
          && !forms.contains(word.stem())
          && !isNear(word.stem(), forms)
          && !initials.contains(word.form())) {
        return true;
      }
    }
    return false;
  }

  private static String initials(EnglishText text) {
    StringBuilder initials = new StringBuilder();
    for (Word word : text.words()) {
      initials.append(word.name() ? word.form().charAt(0) : ' ');
    }
    return initials.toString();
  }

  /** {@return whether one of these is the same but for one letter, in long words} */
  private static boolean isNear(String stem, Set<String> forms) {
    return forms.stream().anyMatch(form -> Spelling.isNear(stem, form));
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
