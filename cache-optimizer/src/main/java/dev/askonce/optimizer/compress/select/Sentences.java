package dev.askonce.optimizer.compress.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Splits a text into sentences: spans that cover all of it but the white space between them. By
 * rules for languages of Latin, Greek or Cyrillic letters, with the full stops of Chinese and
 * Japanese; an abbreviation or an initial ends no sentence, an empty line always does, and a fenced
 * block of code is one.
 */
final class Sentences {
  /** From {@code start} to before {@code end}, both in UTF-16 units. */
  record Span(int start, int end) {}

  private static final String FENCE = "```";

  private static final Set<String> ABBREVIATIONS =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "rev", "gen", "col", "capt", "lt",
          "sgt", "gov", "sen", "rep", "hon", "no", "nos", "vol", "vols", "fig", "figs", "eq", "sec",
          "ch", "p", "pp", "ed", "eds", "vs", "v", "etc", "al", "cf", "ca", "c", "e.g", "i.e",
          "approx", "dept", "est", "inc", "ltd", "co", "corp", "bros", "mt", "ft", "jan", "feb",
          "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "u.s", "u.k",
          "b.c", "a.d", "a.m", "p.m", "d.c", "ph.d", "z.b", "bzw", "nr", "str");

  private Sentences() {}

  static List<Span> of(String text) {
    List<Span> spans = new ArrayList<>();
    int start = 0;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      int end = -1;
      if (c == '`' && text.startsWith(FENCE, i) && (i == 0 || text.charAt(i - 1) == '\n')) {
        add(spans, text, start, i);
        start = i;
        end = fenceEnd(text, i);
      } else if (c == '\n' && isBreak(text, i)) {
        end = i;
      } else if (c == '。' || c == '！' || c == '？') {
        end = closed(text, i + 1);
      } else if (c == '.' || c == '!' || c == '?') {
        int after = closed(text, i + 1);
        if (isEnd(text, start, i, after)) {
          end = after;
        }
      }
      if (end >= 0) {
        add(spans, text, start, end);
        start = end;
        i = Math.max(i, end - 1);
      }
    }
    add(spans, text, start, length);
    return spans;
  }

  /** {@return whether a span is a block of code} */
  static boolean isFence(String text, Span span) {
    return text.startsWith(FENCE, span.start);
  }

  private static int fenceEnd(String text, int start) {
    int close = text.indexOf("\n" + FENCE, start);
    return close < 0 ? text.length() : close + 1 + FENCE.length();
  }

  /**
   * {@return where a sentence ends whose stop lies before {@code i}: behind quotes and brackets}
   */
  private static int closed(String text, int i) {
    int end = i;
    while (end < text.length() && "\"'”’)]»」』.!?。！？".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    return end;
  }

  private static boolean isEnd(String text, int start, int stop, int after) {
    if (after == text.length()) {
      return true;
    }
    if (!Character.isWhitespace(text.charAt(after))) {
      return false;
    }
    int next = after;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    if (next == text.length()) {
      return true;
    }
    char first = text.charAt(next);
    if (Character.isLowerCase(first)) {
      return false;
    }
    return text.charAt(stop) != '.' || after > stop + 1 || !isAbbreviation(text, start, stop);
  }

  /** {@return whether the word before the full stop is one that is written with it} */
  private static boolean isAbbreviation(String text, int start, int stop) {
    int word = stop;
    while (word > start && !Character.isWhitespace(text.charAt(word - 1))) {
      word--;
    }
    while (word < stop && !Character.isLetterOrDigit(text.charAt(word))) {
      word++;
    }
    String last = text.substring(word, stop);
    return last.length() == 1 && Character.isUpperCase(last.charAt(0))
        || ABBREVIATIONS.contains(last.toLowerCase(Locale.ROOT))
        || last.matches("(\\p{Lu}\\.)+\\p{Lu}");
  }

  /** {@return whether a line ends a sentence: before an empty line, a list, a heading, a table} */
  private static boolean isBreak(String text, int newline) {
    int next = newline + 1;
    while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
      next++;
    }
    if (next >= text.length()) {
      return true;
    }
    char c = text.charAt(next);
    return c == '\n' || c == '\r' || "-*+#|>•".indexOf(c) >= 0 || Character.isDigit(c);
  }

  private static void add(List<Span> spans, String text, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (end > start) {
      spans.add(new Span(start, end));
    }
  }
}
