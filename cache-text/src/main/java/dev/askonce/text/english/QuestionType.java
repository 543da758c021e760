package dev.askonce.text.english;

import java.util.List;

/** What kind of answer a question wants, by its first asking word. */
enum QuestionType {
  WHY,
  WHEN,
  WHERE,
  WHO,
  HOW,
  HOW_MANY,
  HOW_MUCH,
  HOW_LONG,
  HOW_OFTEN,
  HOW_OLD,
  WHAT,
  WHICH,
  /** Begins with an auxiliary verb: wants a yes or no. */
  YES_NO,
  /** None of these: a statement or key words. */
  NONE;

  static QuestionType of(List<Word> words) {
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      switch (word.form()) {
        case "why":
          return WHY;
        case "when":
          return WHEN;
        case "where":
          return WHERE;
        case "who", "whom", "whose":
          return WHO;
        case "how_many":
          return HOW_MANY;
        case "how_much":
          return HOW_MUCH;
        case "how_long":
          return HOW_LONG;
        case "how_often":
          return HOW_OFTEN;
        case "how_old":
          return HOW_OLD;
        case "how":
          return HOW;
        case "what":
          return WHAT;
        case "which":
          return WHICH;
        default:
          if (i == 0 && word.is(WordClass.AUXILIARY)) {
            return YES_NO;
          }
      }
    }
    return NONE;
  }
}
