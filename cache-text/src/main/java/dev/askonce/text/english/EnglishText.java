package dev.askonce.text.english;

import dev.askonce.engine.decision.Token;
import dev.askonce.engine.decision.Token.Kind;
import dev.askonce.engine.decision.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A text as the guards read it. Immutable. */
final class EnglishText {
  private static final Map<String, List<String>> WITHOUT_APOSTROPHE =
      Map.ofEntries(
          Map.entry("dont", List.of("do", "not")),
          Map.entry("doesnt", List.of("does", "not")),
          Map.entry("didnt", List.of("did", "not")),
          Map.entry("cant", List.of("can", "not")),
          Map.entry("cannot", List.of("can", "not")),
          Map.entry("wont", List.of("will", "not")),
          Map.entry("isnt", List.of("is", "not")),
          Map.entry("arent", List.of("are", "not")),
          Map.entry("wasnt", List.of("was", "not")),
          Map.entry("havent", List.of("have", "not")),
          Map.entry("hasnt", List.of("has", "not")),
          Map.entry("shouldnt", List.of("should", "not")),
          Map.entry("wouldnt", List.of("would", "not")),
          Map.entry("im", List.of("i", "am")),
          Map.entry("ive", List.of("i", "have")),
          Map.entry("whats", List.of("what", "is")));

  private static final Map<String, String> SHORT =
      Map.of("re", "are", "ve", "have", "ll", "will", "d", "would", "m", "am");

  private static final Set<String> BEFORE_IS =
      Set.of(
          "what", "where", "who", "how", "when", "why", "that", "it", "he", "she", "there", "here");

  private static final double TITLE_SHARE = 0.7;

  private final Lexicon lexicon = Lexicon.ENGLISH;
  private final List<Word> words;
  private final QuestionType type;

  private EnglishText(Tokens tokens) {
    List<Word> read = new ArrayList<>(tokens.all().size() + 4);
    boolean titles = isTitle(tokens.all());
    for (int i = 0; i < tokens.all().size(); i++) {
      expand(tokens.all(), i, titles, read);
    }
    words = List.copyOf(Numerals.read(withPhrases(read)));
    type = QuestionType.of(words);
  }

  static EnglishText of(Tokens tokens) {
    return new EnglishText(tokens);
  }

  List<Word> words() {
    return words;
  }

  QuestionType type() {
    return type;
  }

  /** {@return whether so many words have capitals that these tell nothing} */
  private static boolean isTitle(List<Token> tokens) {
    int words = 0;
    int capitals = 0;
    for (Token token : tokens) {
      if (token.kind() == Kind.WORD && token.text().length() > 3) {
        words++;
        capitals += token.isCapital() ? 1 : 0;
      }
    }
    return words > 2 && capitals >= words * TITLE_SHARE;
  }

  /** Adds a token, a contraction as its words. */
  private void expand(List<Token> tokens, int at, boolean titles, List<Word> read) {
    Token token = tokens.get(at);
    String form = token.folded();
    int apostrophe = token.kind() == Kind.WORD ? form.indexOf('\'') : -1;
    if (token.kind() == Kind.WORD && WITHOUT_APOSTROPHE.containsKey(form)) {
      WITHOUT_APOSTROPHE.get(form).forEach(word -> read.add(word(word, Kind.WORD, false)));
    } else if (form.endsWith("n't")) {
      String verb = form.substring(0, form.length() - 3);
      boolean asking = at == 0 && !verb.equals("do");
      read.add(
          word(verb.equals("ca") ? "can" : verb.equals("wo") ? "will" : verb, Kind.WORD, false));
      if (!asking) {
        read.add(word("not", Kind.WORD, false));
      }
    } else if (apostrophe > 0) {
      String before = form.substring(0, apostrophe);
      String after = form.substring(apostrophe + 1);
      read.add(word(before, Kind.WORD, isName(tokens, at, titles)));
      if (SHORT.containsKey(after)) {
        read.add(word(SHORT.get(after), Kind.WORD, false));
      } else if (after.equals("s") && BEFORE_IS.contains(before)) {
        read.add(word("is", Kind.WORD, false));
      }
    } else {
      read.add(word(form, token.kind(), isName(tokens, at, titles)));
    }
  }

  private Word word(String form, Kind kind, boolean name) {
    String stem = kind == Kind.WORD ? Stemmer.stem(form) : form;
    return new Word(form, stem, kind, kind == Kind.WORD ? lexicon.classes(form) : Set.of(), name);
  }

  private boolean isName(List<Token> tokens, int at, boolean titles) {
    Token token = tokens.get(at);
    if (token.kind() != Kind.WORD || !token.isCapital() || titles) {
      return false;
    }
    Set<WordClass> classes = lexicon.classes(token.folded());
    boolean known = !classes.isEmpty() && !classes.contains(WordClass.SEASON);
    if (!token.first()) {
      return !known && token.text().length() > 1;
    }
    // A sentence begins with a capital anyway: a name where another follows.
    return !known
        && at + 1 < tokens.size()
        && tokens.get(at + 1).kind() == Kind.WORD
        && tokens.get(at + 1).isCapital()
        && lexicon.classes(tokens.get(at + 1).folded()).isEmpty();
  }

  private List<Word> withPhrases(List<Word> read) {
    List<Word> out = new ArrayList<>(read.size());
    int at = 0;
    while (at < read.size()) {
      Lexicon.Phrase phrase = phrase(read, at);
      if (phrase == null) {
        out.add(read.get(at++));
      } else {
        phrase.read().forEach(word -> out.add(word(word, Kind.WORD, false)));
        at += phrase.words().size();
      }
    }
    return out;
  }

  private Lexicon.Phrase phrase(List<Word> read, int at) {
    for (Lexicon.Phrase phrase : lexicon.phrases(read.get(at).form())) {
      int count = phrase.words().size();
      if (at + count <= read.size() && matches(phrase.words(), read, at)) {
        return phrase;
      }
    }
    return null;
  }

  private static boolean matches(List<String> phrase, List<Word> read, int at) {
    for (int i = 0; i < phrase.size(); i++) {
      if (!phrase.get(i).equals(read.get(at + i).form())) {
        return false;
      }
    }
    return true;
  }
}
