package dev.askonce.optimizer.audit;

import dev.askonce.optimizer.chat.Usage;
import java.time.Duration;
import java.time.Instant;

/**
 * The calls of one prompt: those whose instructions are alike but for what changes from call to
 * call. Not thread-safe.
 */
final class PromptGroup {
  /** Of a longer opening no more is compared; its length is known all the same. */
  private static final int COMPARED_CHARS_MAX = 16_384;

  /** How long a provider keeps the beginning of a prompt that nobody sends. */
  private static final Duration CACHED_FOR = Duration.ofMinutes(5);

  final String endpoint;
  final String model;

  /** The opening of the first call, whole or its beginning and end. */
  private final String firstOpening;

  final Instant firstAt;
  Instant lastAt;
  long calls;

  /** Calls that came while a provider would still have had the one before in its prompt cache. */
  long callsSoonAfter;

  long nanoDollars;
  Usage usage = Usage.NONE;

  /** Sums over the calls, in tokens and nano-dollars. */
  double systemTokens;

  double systemNanoDollars;
  double repeatedTokens;
  double repeatedNanoDollars;
  long repeatedSentences;
  long repeatedCalls;
  double tokensPerChar;

  /** What all openings begin and end with, in characters. */
  private int commonStart;

  private int commonEnd;

  PromptGroup(String endpoint, String model, String opening, Instant at) {
    this.endpoint = endpoint;
    this.model = model;
    this.firstOpening = compared(opening);
    this.firstAt = at;
    this.lastAt = at;
    this.commonStart = firstOpening.length();
    this.commonEnd = firstOpening.length();
  }

  /** {@return an opening, without the middle of a long one} */
  private static String compared(String opening) {
    int half = COMPARED_CHARS_MAX / 2;
    return opening.length() <= COMPARED_CHARS_MAX
        ? opening
        : opening.substring(0, half) + opening.substring(opening.length() - half);
  }

  void add(String opening, Instant at) {
    calls++;
    boolean soon = Duration.between(lastAt, at).abs().compareTo(CACHED_FOR) <= 0;
    callsSoonAfter += calls > 1 && soon ? 1 : 0;
    lastAt = at.isAfter(lastAt) ? at : lastAt;
    String other = compared(opening);
    int most = Math.min(other.length(), firstOpening.length());
    int start = 0;
    while (start < Math.min(most, commonStart)
        && other.charAt(start) == firstOpening.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < Math.min(most, commonEnd)
        && other.charAt(other.length() - 1 - end)
            == firstOpening.charAt(firstOpening.length() - 1 - end)) {
      end++;
    }
    commonStart = start;
    commonEnd = end;
  }

  /** {@return what share of the opening never changed, 0 to 1} */
  double unchanged() {
    int length = Math.max(1, firstOpening.length());
    return Math.min(1, (double) (commonStart + commonEnd) / length);
  }

  /** {@return tokens of what all openings begin with} */
  double stableStartTokens() {
    return commonStart * tokensPerChar();
  }

  /** {@return tokens of what all openings end with, behind something that changes} */
  double stableEndTokens() {
    return commonStart == firstOpening.length() ? 0 : commonEnd * tokensPerChar();
  }

  private double tokensPerChar() {
    return calls == 0 ? 0 : tokensPerChar / calls;
  }

  /** {@return the first characters in one line} */
  String beginning(int chars) {
    String line = firstOpening.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.codePointCount(0, line.length()) <= chars
        ? line
        : line.substring(0, line.offsetByCodePoints(0, chars)) + "…";
  }
}
