package dev.askonce.optimizer.task;

import dev.askonce.optimizer.chat.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A phrase that shows a task; {@code english.cues} says how phrases are written.
 *
 * @param index its number among all
 * @param task what it shows
 * @param points how strongly
 * @param anchored whether it counts at the beginning of a sentence only
 * @param elements the alternatives of each place; {@link #GAP} for up to {@link #GAP_WORDS_MAX}
 *     words
 */
record Cue(int index, Task task, double points, boolean anchored, List<Set<String>> elements) {
  /** No such phrase here. */
  static final int NONE = -1;

  static final Set<String> GAP = Set.of("*");
  static final int GAP_WORDS_MAX = 4;

  /** {@return the cue of a line: task, points, phrase} */
  static Cue parse(int index, String line) {
    String[] fields = line.split(" ", 3);
    String phrase = fields[2];
    boolean anchored = phrase.startsWith("^");
    List<Set<String>> elements = new ArrayList<>();
    for (String element : (anchored ? phrase.substring(1) : phrase).split(" ")) {
      elements.add(element.equals("*") ? GAP : Set.of(element.split("\\|")));
    }
    if (elements.getFirst() == GAP || elements.getLast() == GAP) {
      throw new IllegalStateException("a cue that begins or ends with a gap: " + line);
    }
    Task task = Task.of(fields[0]).orElseThrow();
    return new Cue(index, task, Double.parseDouble(fields[1]), anchored, elements);
  }

  /** {@return where the phrase ends that begins at this word, or {@link #NONE}} */
  int end(Words words, int at) {
    return !anchored || words.isStart(at) ? end(words, at + 1, 1) : NONE;
  }

  private int end(Words words, int at, int element) {
    if (element == elements.size()) {
      return at;
    }
    Set<String> wanted = elements.get(element);
    if (wanted == GAP) {
      for (int skipped = 0; skipped <= GAP_WORDS_MAX; skipped++) {
        int end = end(words, at + skipped, element + 1);
        if (end != NONE) {
          return end;
        }
        if (at + skipped >= words.size() || words.isStart(at + skipped)) {
          return NONE;
        }
      }
      return NONE;
    }
    return at < words.size() && wanted.contains(words.at(at))
        ? end(words, at + 1, element + 1)
        : NONE;
  }
}
