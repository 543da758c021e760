package dev.askonce.engine.decision;

import dev.askonce.engine.decision.Token.Kind;
import dev.askonce.engine.spi.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses where one text has an identifier that the other has not, in any language. */
public final class IdentifierGuard implements Guard {
  /** Its refusal. */
  public static final Verdict REFUSAL = Verdict.refuse("identifier");

  private static final Optional<Verdict> OBJECTION = Optional.of(REFUSAL);

  @Override
  public Optional<Verdict> objection(Tokens asked, Tokens stored) {
    return isIn(asked.all(), stored.all()) && isIn(stored.all(), asked.all())
        ? Optional.empty()
        : OBJECTION;
  }

  /** {@return whether all identifiers are in the other, be it as a word or as two} */
  private static boolean isIn(List<Token> tokens, List<Token> others) {
    Set<String> names = null;
    for (Token token : tokens) {
      if (token.kind() == Kind.IDENTIFIER) {
        names = names == null ? names(others) : names;
        if (!names.contains(token.folded())) {
          return false;
        }
      }
    }
    return true;
  }

  private static Set<String> names(List<Token> tokens) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      names.add(tokens.get(i).folded());
      if (i > 0) {
        names.add(tokens.get(i - 1).folded() + tokens.get(i).folded());
      }
    }
    return names;
  }
}
