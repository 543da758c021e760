package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** All, most, few or only some of them; at least or at most. */
final class QuantifierGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("quantifier");

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("all", "all"),
          Map.entry("every", "all"),
          Map.entry("each", "all"),
          Map.entry("everyone", "all"),
          Map.entry("everybody", "all"),
          Map.entry("everything", "all"),
          Map.entry("few", "few"),
          Map.entry("only", "only"),
          Map.entry("half", "half"),
          Map.entry("at_least", "least"),
          Map.entry("at_most", "most"),
          Map.entry("both", "both"),
          Map.entry("either", "either"));

  @Override
  public boolean objects(EnglishPair pair) {
    Set<String> asked = kinds(pair.asked());
    Set<String> stored = kinds(pair.stored());
    return !asked.equals(stored) && !asked.isEmpty() && !stored.isEmpty()
        || asked.contains("only") != stored.contains("only");
  }

  private static Set<String> kinds(EnglishText text) {
    Set<String> kinds = new TreeSet<>();
    for (Word word : text.words()) {
      String kind = KINDS.get(word.form());
      if (kind != null) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
