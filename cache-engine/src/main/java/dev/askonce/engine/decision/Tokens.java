package dev.askonce.engine.decision;

import dev.askonce.engine.decision.Token.Kind;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text as {@link Token}s, in any language that separates its words. Immutable.
 *
 * <p>Letters and digits that touch are separate tokens, so {@code iPhone7} reads as {@code iPhone
 * 7}. Punctuation and dashes separate and are left out.
 */
public final class Tokens {
  private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(,\\d{2,3})+(\\.\\d+)?");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("\\d+,\\d+");
  private static final Pattern DECIMAL = Pattern.compile("\\d+(\\.\\d+)?");
  private static final String SIGNS = "+*/=<>^%$€£¥₹";

  private final List<Token> all = new ArrayList<>();
  private boolean sentenceBegins = true;

  private Tokens(String text) {
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        chunk(text.substring(at, end));
      }
      at = end + 1;
    }
  }

  /** {@return the tokens of a text} */
  public static Tokens of(String text) {
    return new Tokens(
        isAscii(text)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFKC).replace('\u2019', '\''));
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  public List<Token> all() {
    return all;
  }

  /** Adds what stands between two white spaces. */
  private void chunk(String chunk) {
    int from = 0;
    int to = chunk.length();
    while (from < to && isEdge(chunk.charAt(from))) {
      from++;
    }
    while (to > from && isEdge(chunk.charAt(to - 1))) {
      to--;
    }
    String core = chunk.substring(from, to);
    if (!core.isEmpty()) {
      if (isIdentifier(core)) {
        add(core, name(core), Kind.IDENTIFIER);
      } else if (isAbbreviation(core)) {
        add(core, fold(core.replace(".", "")), Kind.WORD);
      } else {
        parts(core);
      }
    }
    if (ends(chunk, to)) {
      sentenceBegins = true;
    }
  }

  private static boolean isEdge(char c) {
    return !Character.isLetterOrDigit(c) && SIGNS.indexOf(c) < 0 && c != '#' && c != '_';
  }

  private static boolean ends(String chunk, int from) {
    for (int i = from; i < chunk.length(); i++) {
      if (".?!:".indexOf(chunk.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlainWord(String core) {
    for (int i = 0; i < core.length(); i++) {
      if (!Character.isLetter(core.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIdentifier(String core) {
    if (isPlainWord(core)) {
      return false;
    }
    if (core.chars().noneMatch(Character::isLetter)) {
      return false;
    }
    return core.indexOf('@') > 0
        || core.contains("://")
        || core.contains("::")
        || core.indexOf('_') >= 0
        || core.indexOf('\\') >= 0
        || isLettersThen(core, "++")
        || isLettersThen(core, "#")
        || hasDotBetweenNames(core);
  }

  private static boolean isLettersThen(String core, String end) {
    return core.endsWith(end)
        && core.length() > end.length()
        && core.chars().limit(core.length() - end.length()).allMatch(Character::isLetter);
  }

  /** As in {@code setup.exe}; not in {@code end.Next}, where a space is missing. */
  private static boolean hasDotBetweenNames(String core) {
    int dot = core.indexOf('.');
    if (dot < 1 || dot + 2 >= core.length()) {
      return false;
    }
    char before = core.charAt(dot - 1);
    char after = core.charAt(dot + 1);
    return Character.isLetterOrDigit(before)
        && Character.isLetter(after)
        && Character.isLetter(core.charAt(dot + 2))
        && !(Character.isUpperCase(after) && Character.isLowerCase(core.charAt(dot + 2)));
  }

  /** As in {@code U.S}: single letters between dots. */
  private static boolean isAbbreviation(String core) {
    if (core.length() < 3) {
      return false;
    }
    for (int i = 0; i < core.length(); i++) {
      if (i % 2 == 0 ? !Character.isLetter(core.charAt(i)) : core.charAt(i) != '.') {
        return false;
      }
    }
    return true;
  }

  /** Adds the words, numbers and signs of what has no space inside. */
  private void parts(String core) {
    int at = 0;
    while (at < core.length()) {
      char c = core.charAt(at);
      int end = at + 1;
      if (Character.isDigit(c)) {
        end = numberEnd(core, at);
        String digits = core.substring(at, end);
        add(digits, number(digits), Kind.NUMBER);
      } else if (isLetter(c)) {
        while (end < core.length() && isInWord(core, end)) {
          end++;
        }
        String word = core.substring(at, end);
        add(word, fold(word), Kind.WORD);
      } else if (isSign(core, at)) {
        add(core.substring(at, end), core.substring(at, end), Kind.SIGN);
      }
      at = end;
    }
  }

  private static boolean isLetter(char c) {
    return Character.isLetter(c) || Character.isSurrogate(c) || Character.getType(c) == 6;
  }

  private static boolean isInWord(String core, int at) {
    return isLetter(core.charAt(at))
        || core.charAt(at) == '\''
            && at + 1 < core.length()
            && Character.isLetter(core.charAt(at + 1));
  }

  private static int numberEnd(String core, int from) {
    int at = from + 1;
    while (at < core.length()
        && (Character.isDigit(core.charAt(at))
            || ".,:".indexOf(core.charAt(at)) >= 0
                && at + 1 < core.length()
                && Character.isDigit(core.charAt(at + 1)))) {
      at++;
    }
    return at;
  }

  /** A dash or stroke is a sign between two numbers alone. */
  private static boolean isSign(String core, int at) {
    char c = core.charAt(at);
    if (c == '/' || c == '-') {
      return at > 0
          && at + 1 < core.length()
          && Character.isDigit(core.charAt(at - 1))
          && Character.isDigit(core.charAt(at + 1));
    }
    return SIGNS.indexOf(c) >= 0;
  }

  /** {@return the value of digits as plain decimal; of a version or time of day, themselves} */
  private static String number(String digits) {
    if (isPlainInteger(digits)) {
      return digits;
    }
    String plain = GROUPED.matcher(digits).matches() ? digits.replace(",", "") : digits;
    plain = DECIMAL_COMMA.matcher(plain).matches() ? plain.replace(',', '.') : plain;
    if (!DECIMAL.matcher(plain).matches()) {
      return plain;
    }
    return new BigDecimal(plain).stripTrailingZeros().toPlainString();
  }

  /** {@return whether nothing is to be done: digits of no leading zero} */
  private static boolean isPlainInteger(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return false;
      }
    }
    return digits.charAt(0) != '0';
  }

  private static String name(String core) {
    StringBuilder name = new StringBuilder();
    core.codePoints()
        .filter(c -> Character.isLetterOrDigit(c) || c == '+' || c == '#')
        .forEach(name::appendCodePoint);
    return fold(name.toString());
  }

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void add(String text, String folded, Kind kind) {
    all.add(new Token(text, folded, kind, sentenceBegins));
    sentenceBegins = false;
  }
}
