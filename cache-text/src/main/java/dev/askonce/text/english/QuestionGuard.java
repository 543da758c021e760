package dev.askonce.text.english;

import dev.askonce.engine.spi.Verdict;
import java.util.EnumSet;
import java.util.Set;

/** Another kind of question: why, when, where, who, how many. */
final class QuestionGuard implements PairGuard {
  private static final Verdict REFUSAL = Verdict.refuse("question");

  /** Types whose answers no other type's question wants. */
  private static final Set<QuestionType> STRICT =
      EnumSet.of(
          QuestionType.WHY,
          QuestionType.WHEN,
          QuestionType.WHERE,
          QuestionType.WHO,
          QuestionType.HOW_MANY,
          QuestionType.HOW_MUCH,
          QuestionType.HOW_LONG,
          QuestionType.HOW_OFTEN,
          QuestionType.HOW_OLD);

  @Override
  public boolean objects(EnglishPair pair) {
    QuestionType asked = pair.asked().type();
    QuestionType stored = pair.stored().type();
    return asked != stored && STRICT.contains(asked) && STRICT.contains(stored);
  }

  @Override
  public Verdict refusal() {
    return REFUSAL;
  }
}
