package dev.askonce.optimizer.route;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The {@link Feature}s of one prompt, found in one walk over its text. Not thread-safe. */
final class PromptFeatures {
  /** Characters that are read; a longer text is judged by its beginning, and its length by all. */
  private static final int CHARS_MAX = 16_384;

  private static final String OPERATORS = "-+*/=^<>";

  private final String text;
  private final int[] counts = new int[Feature.COUNT];
  private final float[] values = new float[Feature.COUNT];
  private final Set<String> words = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private int wordCount;
  private int wordChars;
  private int sentenceStart;
  private int sentenceLast;
  private boolean sentenceBegins = true;
  private boolean afterHow;

  private PromptFeatures(String text) {
    this.text = text;
  }

  /** {@return the values, by {@link Feature#ordinal}} */
  static float[] of(Prompt prompt) {
    String whole = prompt.text();
    String text = whole.length() > CHARS_MAX ? whole.substring(0, CHARS_MAX) : whole;
    PromptFeatures features = new PromptFeatures(text);
    features.walk();
    features.settle((double) whole.length() / Math.max(1, text.length()));
    CodeFeatures.add(text, features.values);
    OptionFeatures.add(text, features.values);
    features.set(Feature.USER_MESSAGES, log(prompt.userMessageCount() - 1));
    features.set(Feature.SYSTEM_LENGTH, log(prompt.systemChars()));
    features.set(Feature.TOOLS, prompt.tools() ? 1 : 0);
    features.set(Feature.JSON_ANSWER, prompt.json() ? 1 : 0);
    return features.values;
  }

  static float log(double count) {
    return (float) Math.log1p(Math.max(0, count));
  }

  private void set(Feature feature, float value) {
    values[feature.ordinal()] = value;
  }

  private void count(Feature feature) {
    counts[feature.ordinal()]++;
  }

  private void walk() {
    int length = text.length();
    for (int i = 0; i < length; ) {
      char c = text.charAt(i);
      if (Character.isLetter(c)) {
        i = word(i);
      } else if (c >= '0' && c <= '9') {
        i = number(i);
      } else {
        symbol(c, i);
        i++;
      }
    }
    endSentence(length);
  }

  private int word(int start) {
    int end = start;
    while (end < text.length()
        && (Character.isLetter(text.charAt(end))
            || text.charAt(end) == '\''
                && end + 1 < text.length()
                && Character.isLetter(text.charAt(end + 1)))) {
      char c = text.charAt(end++);
      if (Character.isUpperCase(c)) {
        count(Feature.UPPER_CASE_SHARE);
      }
      if (c > 127) {
        count(Feature.BEYOND_ASCII);
      }
    }
    String word = text.substring(start, end).toLowerCase(Locale.ROOT);
    wordCount++;
    wordChars += end - start;
    if (words.add(word)
        && !sentenceBegins
        && end - start > 1
        && Character.isUpperCase(text.charAt(start))
        && Character.isLowerCase(text.charAt(start + 1))) {
      count(Feature.NAMES);
    }
    Feature feature = TaskWords.of(word);
    if (feature != null) {
      count(feature);
    }
    if (afterHow && (word.equals("many") || word.equals("much"))) {
      count(Feature.AMOUNT_QUESTIONS);
    }
    afterHow = word.equals("how");
    sentenceBegins = false;
    return end;
  }

  private int number(int start) {
    int end = start;
    int digits = 0;
    boolean decimal = false;
    while (end < text.length()) {
      char c = text.charAt(end);
      boolean digit = c >= '0' && c <= '9';
      boolean inside =
          (c == '.' || c == ',')
              && end + 1 < text.length()
              && Character.isDigit(text.charAt(end + 1));
      if (!digit && !inside) {
        break;
      }
      digits += digit ? 1 : 0;
      decimal |= c == '.';
      end++;
    }
    wordCount++;
    wordChars += end - start;
    numbers.add(text.substring(start, end));
    count(Feature.NUMBERS);
    counts[Feature.DIGIT_SHARE.ordinal()] += digits;
    counts[Feature.NUMBER_DIGITS.ordinal()] =
        Math.max(counts[Feature.NUMBER_DIGITS.ordinal()], end - start);
    if (decimal) {
      count(Feature.DECIMALS);
    }
    sentenceBegins = false;
    return end;
  }

  private void symbol(char c, int at) {
    switch (c) {
      case '\n' -> count(Feature.LINES);
      case '?' -> count(Feature.QUESTION_MARKS);
      case ',' -> count(Feature.COMMAS);
      case '%' -> count(Feature.PERCENT_SIGNS);
      case '$' -> count(Feature.DOLLAR_SIGNS);
      case '\\' -> count(Feature.BACKSLASHES);
      case '"', '\'' -> count(Feature.QUOTES);
      case '(', '[', '{' -> count(Feature.BRACKETS);
      default -> {
        if (OPERATORS.indexOf(c) >= 0) {
          count(Feature.OPERATORS);
        } else if (c > 127) {
          count(Feature.BEYOND_ASCII);
        }
      }
    }
    boolean ends = c == '.' || c == '!' || c == '?';
    if (ends && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)))) {
      count(Feature.SENTENCES);
      endSentence(at + 1);
      sentenceBegins = true;
    }
  }

  private void endSentence(int end) {
    if (!text.substring(sentenceStart, end).isBlank()) {
      sentenceLast = end - sentenceStart;
    }
    sentenceStart = end;
  }

  private void settle(double scale) {
    for (Feature feature : Feature.values()) {
      set(feature, log(counts[feature.ordinal()]));
    }
    float chars = Math.max(1, text.length());
    int wordsSeen = Math.max(1, wordCount);
    set(Feature.WORDS, log(wordCount * scale));
    set(Feature.SENTENCES, log(counts[Feature.SENTENCES.ordinal()] * scale));
    set(Feature.WORD_LENGTH, (float) wordChars / wordsSeen);
    set(Feature.NUMBERS_DISTINCT, log(numbers.size()));
    set(Feature.DIGIT_SHARE, counts[Feature.DIGIT_SHARE.ordinal()] / chars);
    set(Feature.UPPER_CASE_SHARE, counts[Feature.UPPER_CASE_SHARE.ordinal()] / chars);
    set(Feature.WORDS_DISTINCT_SHARE, (float) (words.size() + numbers.size()) / wordsSeen);
    set(Feature.LAST_SENTENCE_LENGTH, log(sentenceLast));
    boolean blank = text.indexOf('_') >= 0 || text.stripTrailing().endsWith(":");
    set(Feature.BLANK_TO_FILL, blank ? 1 : 0);
    set(Feature.STATEMENTS, text.contains("Statement ") ? 1 : 0);
  }
}
