package dev.askonce.text.english;

/** What a word can be; the words of each are in {@code words.txt}. */
enum WordClass {
  DETERMINER,
  AUXILIARY,
  /** A preposition that others often stand for: "rules of success", "rules for success". */
  LIGHT,
  /** Any other preposition. */
  PREPOSITION,
  CONJUNCTION,
  /** Whoever asks, or anybody: "how do I", "how does one". */
  GENERIC,
  /** Other words that carry grammar more than meaning. */
  FUNCTION,
  /** May be left out. */
  FILLER,
  NEGATOR,
  QUESTION,
  PRONOUN,
  MONTH,
  WEEKDAY,
  DAYPART,
  RELATIVE_TIME,
  SEASON,
  /** Between its two sides order does not count. */
  SYMMETRIC,
  /** The lesser of two. */
  FEWER,
  /** Frequent in other languages written with the same letters. */
  FOREIGN
}
