package dev.askonce.optimizer.task;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A text as words in lower case, with the places where a sentence or clause begins. Immutable. */
final class Words {
  /** What every number reads as. */
  static final String NUMBER = "#";

  /** Ways to begin a request that say nothing of it, longest first. */
  private static final List<List<String>> POLITENESS =
      List.of(
          List.of("i", "would", "like", "you", "to"),
          List.of("i", "want", "you", "to"),
          List.of("i", "need", "you", "to"),
          List.of("i'd", "like", "you", "to"),
          List.of("your", "task", "is", "to"),
          List.of("your", "job", "is", "to"),
          List.of("you", "need", "to"),
          List.of("you", "have", "to"),
          List.of("can", "you"),
          List.of("could", "you"),
          List.of("would", "you"),
          List.of("will", "you"),
          List.of("you", "will"),
          List.of("you", "must"),
          List.of("help", "me", "to"),
          List.of("if", "you", "could"),
          List.of("help", "me"),
          List.of("try", "to"),
          List.of("please"),
          List.of("hi"),
          List.of("hello"),
          List.of("hey"),
          List.of("kindly"),
          List.of("just"),
          List.of("now"),
          List.of("then"),
          List.of("also"),
          List.of("and"),
          List.of("so"));

  private static final Map<String, List<List<String>>> BY_FIRST_WORD =
      POLITENESS.stream().collect(Collectors.groupingBy(List::getFirst));

  private final List<String> words = new ArrayList<>();
  private final BitSet starts = new BitSet();

  private Words() {}

  static Words of(String text) {
    Words result = new Words();
    result.split(text);
    result.passPoliteness();
    return result;
  }

  int size() {
    return words.size();
  }

  String at(int index) {
    return words.get(index);
  }

  /** {@return how many numbers there are} */
  int numbers() {
    return Collections.frequency(words, NUMBER);
  }

  String between(int start, int end) {
    return String.join(" ", words.subList(start, end));
  }

  /** {@return whether a sentence begins at this word, politeness passed over} */
  boolean isStart(int index) {
    return starts.get(index);
  }

  private void split(String text) {
    boolean start = true;
    int length = text.length();
    for (int at = 0; at < length; ) {
      char c = text.charAt(at);
      if (Character.isLetterOrDigit(c)) {
        int end = at + 1;
        while (end < length && isInside(text, end)) {
          end++;
        }
        if (start) {
          starts.set(words.size());
        }
        words.add(word(text, at, end));
        start = false;
        at = end;
      } else {
        start |= c == '.' || c == '!' || c == '?' || c == ':' || c == '\n' || c == ';' || c == ',';
        at++;
      }
    }
  }

  /**
   * {@return whether a character continues a word: {@code don't}, {@code c++}, {@code in-depth}}
   */
  private static boolean isInside(String text, int at) {
    char c = text.charAt(at);
    if (Character.isLetterOrDigit(c)) {
      return true;
    }
    boolean joins = c == '\'' || c == '\u2019' || c == '-' || c == '_';
    if (joins) {
      return at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
    }
    char before = text.charAt(at - 1);
    return (c == '+' || c == '#') && (before == 'c' || before == 'C' || before == '+');
  }

  private static String word(String text, int start, int end) {
    for (int at = start; at < end; at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        return text.substring(start, end).toLowerCase(Locale.ROOT).replace('\u2019', '\'');
      }
    }
    return NUMBER;
  }

  private void passPoliteness() {
    for (int start = starts.nextSetBit(0); start >= 0; start = starts.nextSetBit(start + 1)) {
      int request = start;
      for (int passed = polite(request); passed > 0; passed = polite(request)) {
        request += passed;
      }
      if (request > start && request < words.size() && !sentenceBetween(start, request)) {
        starts.clear(start);
        starts.set(request);
        start = request;
      }
    }
  }

  private boolean sentenceBetween(int start, int request) {
    int next = starts.nextSetBit(start + 1);
    return next >= 0 && next < request;
  }

  /** {@return how many words of politeness are here} */
  private int polite(int start) {
    if (start == words.size()) {
      return 0;
    }
    for (List<String> phrase : BY_FIRST_WORD.getOrDefault(words.get(start), List.of())) {
      int end = start + phrase.size();
      if (end <= words.size() && words.subList(start, end).equals(phrase)) {
        return phrase.size();
      }
    }
    return 0;
  }
}
