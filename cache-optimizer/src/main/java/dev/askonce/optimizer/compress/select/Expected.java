package dev.askonce.optimizer.compress.select;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kind of answer that an English question asks for, and what in a text looks like one. */
enum Expected {
  TIME("\\b(when|(what|which) (year|date|day|month|time)|how old|what age)\\b"),
  NUMBER(
      "\\bhow (many|much|long|far|tall|high|big|large|often|deep|fast|heavy|wide)\\b"
          + "|\\b(number|population|percentage|percent|rate|cost|average) of\\b"),
  NAME(
      "\\b(who|whose|whom|where)\\b|\\b(what|which)"
          + " (country|city|state|county|continent|island|river|sea|ocean|place)\\b"),
  ANY("");

  private static final Pattern TIME_WORD =
      Pattern.compile(
          "\\b(1[0-9]{3}|20[0-9]{2})s?\\b|\\b(January|February|March|April|May|June|July|August"
              + "|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday"
              + "|Saturday|Sunday)\\b|\\b\\d{1,2}:\\d\\d\\b");
  private static final Pattern NUMBER_WORD =
      Pattern.compile(
          "\\d|\\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|twenty"
              + "|thirty|forty|fifty|hundred|thousand|million|billion|dozen|first|second|third)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CAPITALISED = Pattern.compile("(?<=\\s|[\"“(])\\p{Lu}[\\p{L}'’-]*");

  /** More names in a sentence say no more. */
  private static final int NAMES_MAX = 3;

  private final Pattern asked;

  Expected(String asked) {
    this.asked = Pattern.compile(asked);
  }

  static Expected of(String question) {
    String lower = question.toLowerCase(Locale.ROOT);
    for (Expected kind : values()) {
      if (kind.asked.matcher(lower).find()) {
        return kind;
      }
    }
    return ANY;
  }

  static boolean hasTime(String text) {
    return TIME_WORD.matcher(text).find();
  }

  static boolean hasNumber(String text) {
    return NUMBER_WORD.matcher(text).find();
  }

  /** {@return how many capitalised words, but the first, are none of the question's; at most 3} */
  static int newNames(String text, Set<String> questionWords) {
    int count = 0;
    for (Matcher name = CAPITALISED.matcher(text); name.find() && count < NAMES_MAX; ) {
      String lower = name.group().toLowerCase(Locale.ROOT);
      if (!Words.isFunctionWord(lower) && !questionWords.contains(Words.stem(lower))) {
        count++;
      }
    }
    return count;
  }
}
