package dev.askonce.optimizer.route;

/**
 * A cheap measure of a prompt. Counts are {@code log(1 + n)}, shares from 0 to 1, the rest 0 or 1.
 *
 * <p>The first twelve say how much there is to do; the trainer trusts them more than the others
 * (see {@link Trust}). The order is part of a model's file.
 */
enum Feature {
  WORDS,
  SENTENCES,
  WORD_LENGTH,
  NUMBERS,
  DIGIT_SHARE,
  RATE_WORDS,
  COMPARING_WORDS,
  STEP_WORDS,
  LITERAL_LENGTH,
  LITERALS,
  LOOPS,
  METHODS,

  LINES,
  NUMBERS_DISTINCT,
  NUMBER_DIGITS,
  DECIMALS,
  PERCENT_SIGNS,
  DOLLAR_SIGNS,
  UPPER_CASE_SHARE,
  BEYOND_ASCII,
  QUESTION_MARKS,
  COMMAS,
  OPERATORS,
  BACKSLASHES,
  QUOTES,
  BRACKETS,
  BRANCHES,
  CALLS,
  ASSIGNMENTS,
  INDEXES,
  INDENT,
  OPTION_LENGTH,
  OPTIONS_NUMERIC,
  OPTIONS_OF_ALL,
  OPTIONS_REPEATING,
  STEM_LENGTH,
  BLANK_TO_FILL,
  STATEMENTS,
  WHAT_WORDS,
  WHO_WORDS,
  PLACE_OR_TIME_WORDS,
  REASON_WORDS,
  HOW_WORDS,
  AMOUNT_QUESTIONS,
  PROOF_WORDS,
  CONDITION_WORDS,
  TOTAL_WORDS,
  TIME_WORDS,
  NEGATIONS,
  EASY_TASK_WORDS,
  HARD_TASK_WORDS,
  SUPERLATIVES,
  NAMES,
  WORDS_DISTINCT_SHARE,
  LAST_SENTENCE_LENGTH,
  USER_MESSAGES,
  SYSTEM_LENGTH,
  TOOLS,
  JSON_ANSWER;

  static final int COUNT = values().length;
  static final int TRUSTED_COUNT = METHODS.ordinal() + 1;
}
