package dev.askonce.engine.decision;

import dev.askonce.engine.decision.Token.Kind;
import dev.askonce.engine.spi.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Refuses where the numbers or signs of two texts differ, in any language. */
public final class NumberGuard implements Guard {
  /** Its refusal. */
  public static final Verdict REFUSAL = Verdict.refuse("number");

  private static final Optional<Verdict> OBJECTION = Optional.of(REFUSAL);

  @Override
  public Optional<Verdict> objection(Tokens asked, Tokens stored) {
    return numbers(asked).equals(numbers(stored)) ? Optional.empty() : OBJECTION;
  }

  private static List<String> numbers(Tokens text) {
    List<String> numbers = new ArrayList<>();
    for (Token token : text.all()) {
      if (token.kind() == Kind.NUMBER || token.kind() == Kind.SIGN) {
        numbers.add(token.folded());
      }
    }
    Collections.sort(numbers);
    return numbers;
  }
}
