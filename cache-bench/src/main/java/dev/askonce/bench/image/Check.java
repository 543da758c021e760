package dev.askonce.bench.image;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.SemanticCache;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Asks a cache for what may be in it. */
public final class Check {
  private final Journal journal;

  public Check(Journal journal) {
    this.journal = journal;
  }

  /**
   * Asks for every entry by its text and by its vector.
   *
   * @param context said where an answer is wrong
   * @return how many entries did not answer at all
   */
  public int ask(SemanticCache cache, Collection<Entry> entries, String context) {
    int lost = 0;
    for (Entry entry : entries) {
      lost += answers(cache, entry, List.of(entry.answer()), context).isEmpty() ? 1 : 0;
    }
    journal.add(Outcome.LOST, lost);
    journal.add(Outcome.KEPT, entries.size() - lost);
    return lost;
  }

  /**
   * Asks for one text of a scope.
   *
   * @param right the answers that it may have
   * @return what was answered, if anything was
   */
  public Optional<Answer> answers(
      SemanticCache cache, Entry entry, List<Answer> right, String context) {
    Optional<Answer> byText = Optional.empty();
    Optional<Answer> byVector = Optional.empty();
    try {
      byText = cache.lookup(entry.scope(), entry.text(), LookupOptions.DEFAULTS).answer();
      byVector = cache.lookup(entry.scope(), entry.vector(), LookupOptions.DEFAULTS).answer();
    } catch (RuntimeException | Error e) {
      journal.failed(Outcome.THROWN, context + ": a lookup threw " + e);
    }
    for (Optional<Answer> answer : Arrays.asList(byText, byVector)) {
      if (answer.isPresent() && !right.contains(answer.get())) {
        journal.failed(
            Outcome.WRONG,
            context
                + ": "
                + entry.scope()
                + " \""
                + entry.text()
                + "\" was answered with "
                + answer.get().text());
      }
    }
    return byText.isPresent() ? byText : byVector;
  }
}
