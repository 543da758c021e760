package dev.askonce.text.english;

import dev.askonce.engine.decision.Token.Kind;
import java.util.Set;

/**
 * One word as read.
 *
 * @param form in lower case, without apostrophes; of a number its value as written
 * @param stem see {@link Stemmer}; of a number its value in the base unit, and the dimension
 * @param name whether it is (part of) a proper name, as far as capitals tell
 */
record Word(String form, String stem, Kind kind, Set<WordClass> classes, boolean name) {
  boolean is(WordClass wordClass) {
    return classes.contains(wordClass);
  }

  /** {@return whether it carries meaning of its own} */
  boolean isContent() {
    return classes.isEmpty() || name || kind == Kind.NUMBER || isTime();
  }

  boolean isTime() {
    return is(WordClass.MONTH)
        || is(WordClass.WEEKDAY)
        || is(WordClass.DAYPART)
        || is(WordClass.RELATIVE_TIME)
        || is(WordClass.SEASON);
  }

  boolean isFiller() {
    return is(WordClass.FILLER) && !name;
  }
}
