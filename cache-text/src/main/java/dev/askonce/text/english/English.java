package dev.askonce.text.english;

import dev.askonce.engine.decision.IdentifierGuard;
import dev.askonce.engine.decision.Language;
import dev.askonce.engine.decision.Token;
import dev.askonce.engine.decision.Token.Kind;
import dev.askonce.engine.decision.Tokens;
import dev.askonce.engine.spi.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The guards of English. Stateless. */
public final class English implements Language {
  /** The cheap ones that refuse often come first. */
  private static final List<PairGuard> GUARDS =
      List.of(
          new NumberAndUnitGuard(),
          new QuestionGuard(),
          new TimeGuard(),
          new PolarityGuard(),
          new QuantifierGuard(),
          new ReferentGuard(),
          new NameGuard(),
          new OrderGuard(),
          new EditGuard());

  private static final IdentifierGuard IDENTIFIERS = new IdentifierGuard();

  @Override
  public boolean covers(Tokens text) {
    int words = 0;
    int known = 0;
    int foreign = 0;
    for (Token token : text.all()) {
      if (token.kind() == Kind.WORD) {
        if (!isLatin(token.folded())) {
          return false;
        }
        words++;
        Set<WordClass> classes = Lexicon.ENGLISH.classes(token.folded());
        boolean isForeign = classes.contains(WordClass.FOREIGN);
        foreign += isForeign ? 1 : 0;
        known += !classes.isEmpty() && (!isForeign || classes.size() > 1) ? 1 : 0;
      }
    }
    return words > 0 && foreign <= known && 2 * words >= text.all().size();
  }

  private static boolean isLatin(String word) {
    return word.chars().allMatch(c -> c < 0x250);
  }

  @Override
  public boolean isSame(Tokens asked, Tokens stored) {
    return Sameness.of(EnglishText.of(asked), EnglishText.of(stored));
  }

  @Override
  public Optional<Verdict> objection(Tokens asked, Tokens stored) {
    Optional<Verdict> identifier = IDENTIFIERS.objection(asked, stored);
    if (identifier.isPresent()) {
      return identifier;
    }
    EnglishPair pair = new EnglishPair(EnglishText.of(asked), EnglishText.of(stored));
    for (PairGuard guard : GUARDS) {
      if (guard.objects(pair)) {
        return Optional.of(guard.refusal());
      }
    }
    return Optional.empty();
  }
}
