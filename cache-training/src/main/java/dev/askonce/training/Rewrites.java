package dev.askonce.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Small changes to an English question, by rule: some that another answer is wanted after, some
 * that change nothing. Rules that do not fit a text give nothing.
 */
final class Rewrites {
  /** What is asked becomes something else. */
  enum Change {
    NUMBER,
    NAME,
    NEGATION,
    ORDER,
    ANTONYM,
    REFERENT
  }

  private static final Pattern NUMBER = Pattern.compile("\\b\\d{1,6}\\b");

  /** A word with a capital that does not begin the text or a sentence, and is not {@code I}. */
  private static final Pattern NAME = Pattern.compile("(?<=[a-z,] )[A-Z][a-zA-Z]{2,}\\b");

  private static final Pattern FROM_TO =
      Pattern.compile("\\bfrom ((?:\\w+ ){0,2}\\w+) to ((?:\\w+ )?\\w+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SYMMETRIC =
      Pattern.compile("\\b(and|or|vs|versus|between|compared)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern EITHER =
      Pattern.compile("\\b([A-Z]\\w+|[a-z]{4,}) (and|or|vs\\.?) ([A-Z]\\w+|[a-z]{4,})(?=[?.]?$)");

  private static final String[][] ANTONYMS = {
    {"buy", "sell"},
    {"increase", "decrease"},
    {"gain", "lose"},
    {"start", "stop"},
    {"enable", "disable"},
    {"before", "after"},
    {"more", "less"},
    {"best", "worst"},
    {"good", "bad"},
    {"open", "close"},
    {"male", "female"},
    {"men", "women"},
    {"man", "woman"},
    {"boys", "girls"},
    {"boy", "girl"},
    {"husband", "wife"},
    {"boyfriend", "girlfriend"},
    {"first", "last"},
    {"high", "low"},
    {"win", "lose"},
    {"love", "hate"},
    {"advantages", "disadvantages"},
    {"pros", "cons"},
    {"import", "export"},
    {"lend", "borrow"},
    {"install", "uninstall"},
    {"left", "right"},
    {"old", "new"},
    {"cheap", "expensive"},
    {"hot", "cold"},
    {"north", "south"},
    {"east", "west"},
    {"with", "without"},
    {"positive", "negative"},
    {"legal", "illegal"},
    {"safe", "dangerous"},
    {"send", "receive"},
    {"lock", "unlock"},
    {"block", "unblock"},
    {"delete", "restore"},
    {"easy", "hard"},
    {"hire", "fire"},
    {"possible", "impossible"},
    {"always", "never"},
    {"smart", "stupid"},
    {"weight loss", "weight gain"},
    {"lose weight", "gain weight"},
    {"oldest", "youngest"},
    {"biggest", "smallest"},
    {"largest", "smallest"},
    {"highest", "lowest"},
    {"fast", "slow"},
    {"happy", "sad"},
    {"rich", "poor"},
    {"inside", "outside"},
    {"public", "private"},
    {"maximum", "minimum"},
    {"upload", "download"},
    {"strong", "weak"},
    {"teacher", "student"},
    {"parents", "children"},
    {"mother", "father"},
    {"brother", "sister"},
    {"day", "night"},
  };
  private static final String[][] NEGATIONS = {
    {"why do", "why don't"},
    {"why does", "why doesn't"},
    {"why is", "why isn't"},
    {"why are", "why aren't"},
    {"why did", "why didn't"},
    {"why can", "why can't"},
    {"why should", "why shouldn't"},
    {"should i", "should i not"},
    {"how to", "how not to"},
    {"who is", "who is not"},
    {"what should", "what should not"},
    {"what can", "what can't"},
    {"that are", "that are not"},
    {"that is", "that is not"},
    {"do you", "don't you"},
    {"people who", "people who don't"},
    {"is it possible", "is it impossible"},
  };
  private static final String[][] REFERENTS = {
    {"my", "your"}, {"he", "she"}, {"his", "her"}, {"him", "her"}, {"i", "they"}, {"my", "their"},
  };
  private static final String[][] SYNONYMS = {
    {"how can i", "how do i"},
    {"how do i", "how can i"},
    {"how do you", "how can one"},
    {"how should i", "how do i"},
    {"what is", "what's"},
    {"what's", "what is"},
    {"do not", "don't"},
    {"don't", "do not"},
    {"can't", "cannot"},
    {"is not", "isn't"},
    {"isn't", "is not"},
    {"i am", "i'm"},
    {"i'm", "i am"},
    {"what is the best way to", "how do i best"},
    {"which is the best", "what is the best"},
    {"what is the best", "which is the best"},
    {"buy", "purchase"},
    {"purchase", "buy"},
    {"start", "begin"},
    {"movie", "film"},
    {"movies", "films"},
    {"big", "large"},
    {"quickly", "fast"},
    {"usa", "united states"},
    {"improve", "get better at"},
    {"difference between", "differences between"},
    {"get rid of", "remove"},
    {"some good", "good"},
    {"some of the best", "the best"},
    {"mobile", "phone"},
    {"laptop", "notebook"},
    {"job", "position"},
    {"photo", "picture"},
    {"photos", "pictures"},
    {"kids", "children"},
    {"learn", "study"},
    {"happens", "occurs"},
    {"reason", "cause"},
    {"why did", "what is the reason why"},
    {"people", "persons"},
    {"earn money", "make money"},
    {"make money", "earn money"},
    {"tips", "hints"},
    {"is it possible to", "can i"},
    {"easiest", "simplest"},
    {"create", "make"},
    {"required", "needed"},
  };
  private static final String[] OPENINGS = {
    "Can you tell me ",
    "Please tell me: ",
    "I want to know: ",
    "Hi, ",
    "Hello! ",
    "Quick question: ",
    "Does anyone know ",
    "Could you explain: ",
    "I was wondering, ",
  };
  private static final String[] ENDINGS = {
    " Thanks.", " please", " Thank you!", " Please help.", ""
  };

  private final List<String> names;
  private final Random random;

  /**
   * @param texts where names are taken from
   */
  Rewrites(List<String> texts, Random random) {
    this.random = random;
    names = new ArrayList<>();
    for (String text : texts) {
      NAME.matcher(text).results().map(MatchResult::group).forEach(names::add);
    }
  }

  /** {@return the names and numbers that both texts have} */
  static List<String> shared(String a, String b) {
    List<String> shared = new ArrayList<>();
    for (Pattern pattern : new Pattern[] {NAME, NUMBER}) {
      pattern
          .matcher(a)
          .results()
          .map(MatchResult::group)
          .filter(found -> wholeWord(found).matcher(b).find())
          .forEach(shared::add);
    }
    return shared;
  }

  /** {@return another name for a name, another number for a number} */
  String other(String nameOrNumber) {
    if (Character.isDigit(nameOrNumber.charAt(0))) {
      int value = Integer.parseInt(nameOrNumber);
      int other = random.nextBoolean() ? value + 1 + random.nextInt(9) : 2 * value + 1;
      return Integer.toString(value > 20 && random.nextBoolean() ? value - 1 - value / 4 : other);
    }
    String other = nameOrNumber;
    for (int i = 0; i < 10 && other.equalsIgnoreCase(nameOrNumber); i++) {
      other = names.get(random.nextInt(names.size()));
    }
    return other;
  }

  static String replaced(String text, String from, String to) {
    return wholeWord(from).matcher(text).replaceAll(Matcher.quoteReplacement(to));
  }

  /** {@return the text after a change that another answer is wanted after} */
  Optional<String> changed(String text, Change change) {
    return switch (change) {
      case NUMBER -> first(NUMBER, text).map(number -> replaced(text, number, other(number)));
      case NAME -> first(NAME, text).map(name -> replaced(text, name, other(name)));
      case NEGATION -> swapped(text, NEGATIONS, random.nextBoolean());
      case ANTONYM -> swapped(text, ANTONYMS, random.nextBoolean());
      case REFERENT -> swapped(text, REFERENTS, random.nextBoolean());
      case ORDER -> reordered(text);
    };
  }

  /** {@return the text in other words that ask for the same} */
  Optional<String> reworded(String text) {
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> swapped(text, SYNONYMS, true);
      case 3 -> Optional.of(framed(text));
      case 4 -> misspelt(text);
      default -> exchanged(text);
    };
  }

  private String framed(String text) {
    String opening = random.nextBoolean() ? OPENINGS[random.nextInt(OPENINGS.length)] : "";
    String ending = ENDINGS[random.nextInt(ENDINGS.length)];
    return opening + text + (opening.isEmpty() && ending.isEmpty() ? " Please tell me." : ending);
  }

  /** Two letters inside a long word change places. */
  private Optional<String> misspelt(String text) {
    List<MatchResult> words = Pattern.compile("\\b[a-z]{6,}\\b").matcher(text).results().toList();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    MatchResult word = words.get(random.nextInt(words.size()));
    int at = word.start() + 1 + random.nextInt(word.group().length() - 3);
    StringBuilder out = new StringBuilder(text);
    out.setCharAt(at, text.charAt(at + 1));
    out.setCharAt(at + 1, text.charAt(at));
    return different(out.toString(), text);
  }

  /** Two equal parts change places, as in {@code cats or dogs}. */
  private static Optional<String> exchanged(String text) {
    Matcher matcher = EITHER.matcher(text);
    return matcher.find() ? different(matcher.replaceFirst("$3 $2 $1"), text) : Optional.empty();
  }

  /** What comes from somewhere goes there; who did it has it done to them. */
  private static Optional<String> reordered(String text) {
    Matcher matcher = FROM_TO.matcher(text);
    if (matcher.find()) {
      return different(matcher.replaceFirst("from $2 to $1"), text);
    }
    List<MatchResult> found = NAME.matcher(text).results().toList();
    if (found.size() < 2) {
      return Optional.empty();
    }
    MatchResult one = found.getFirst();
    MatchResult two = found.getLast();
    String between = text.substring(one.end(), two.start());
    boolean apart = between.trim().contains(" ") || between.trim().length() > 3;
    if (!apart || SYMMETRIC.matcher(text).find()) {
      return Optional.empty();
    }
    String out =
        text.substring(0, one.start())
            + two.group()
            + between
            + one.group()
            + text.substring(two.end());
    return different(out, text);
  }

  /** One of the pairs of words that the text has, the first for the second or the other way. */
  private Optional<String> swapped(String text, String[][] pairs, boolean forward) {
    int from = random.nextInt(pairs.length);
    for (int i = 0; i < pairs.length; i++) {
      String[] pair = pairs[(from + i) % pairs.length];
      String old = pair[forward ? 0 : 1];
      Matcher matcher = wholeWord(old).matcher(text);
      if (matcher.find()) {
        String replacement = pair[forward ? 1 : 0];
        boolean capital = Character.isUpperCase(matcher.group().charAt(0));
        String cased =
            capital
                ? Character.toUpperCase(replacement.charAt(0)) + replacement.substring(1)
                : replacement;
        return different(matcher.replaceFirst(Matcher.quoteReplacement(cased)), text);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  private static Optional<String> different(String out, String text) {
    return out.equalsIgnoreCase(text) ? Optional.empty() : Optional.of(out);
  }

  private static Pattern wholeWord(String words) {
    return Pattern.compile(
        "(?<![\\w'])" + Pattern.quote(words) + "(?![\\w'])", Pattern.CASE_INSENSITIVE);
  }
}
