package dev.askonce.text.english;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words that are known, from the files beside this class. Immutable, read once. */
final class Lexicon {
  /** Words to be read as others. */
  record Phrase(List<String> words, List<String> read) {}

  static final Lexicon ENGLISH = new Lexicon();

  private static final String SMALL = "~ ";
  private static final Set<WordClass> NONE = EnumSet.noneOf(WordClass.class);
  private static final List<String> PREFIXES =
      List.of("un", "in", "im", "ir", "il", "dis", "non", "mis", "de");

  private final Map<String, Set<WordClass>> classes = new HashMap<>();
  private final Map<String, List<Phrase>> phrases = new HashMap<>();
  private final Map<String, Set<String>> opposites = new HashMap<>();
  private final Map<String, Set<String>> smallOpposites = new HashMap<>();
  private final Map<String, Set<Integer>> synonyms = new HashMap<>();

  private Lexicon() {
    for (String[] line : lines("words.txt", " ")) {
      WordClass wordClass = WordClass.valueOf(line[0]);
      for (int i = 1; i < line.length; i++) {
        classes.computeIfAbsent(line[i], word -> EnumSet.noneOf(WordClass.class)).add(wordClass);
      }
    }
    for (String[] line : lines("phrases.txt", "=")) {
      List<String> words = words(line[0]);
      phrases
          .computeIfAbsent(words.getFirst(), word -> new ArrayList<>())
          .add(new Phrase(words, line.length > 1 ? words(line[1]) : List.of()));
    }
    Comparator<Phrase> longestFirst = Comparator.comparingInt(phrase -> -phrase.words().size());
    phrases.values().forEach(some -> some.sort(longestFirst));
    for (String[] line : lines("opposites.txt", "\\|")) {
      boolean small = line[0].startsWith(SMALL);
      Map<String, Set<String>> into = small ? smallOpposites : opposites;
      for (String left : words(small ? line[0].substring(SMALL.length()) : line[0])) {
        for (String right : words(line[1])) {
          addOpposite(into, Stemmer.stem(left), Stemmer.stem(right));
        }
      }
    }
    int group = 0;
    for (String[] line : lines("synonyms.txt", " ")) {
      for (String word : line) {
        synonyms.computeIfAbsent(Stemmer.stem(word), stem -> new HashSet<>()).add(group);
      }
      group++;
    }
  }

  private static void addOpposite(Map<String, Set<String>> into, String left, String right) {
    if (!left.equals(right)) {
      into.computeIfAbsent(left, word -> new HashSet<>()).add(right);
      into.computeIfAbsent(right, word -> new HashSet<>()).add(left);
    }
  }

  private static List<String[]> lines(String resource, String separator) {
    try (InputStream in = Lexicon.class.getResourceAsStream(resource);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.trim().split(separator))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.trim().split(" +")).filter(word -> !word.isEmpty()).toList();
  }

  /** {@return the classes of a word in lower case} */
  Set<WordClass> classes(String word) {
    return classes.getOrDefault(word, NONE);
  }

  /** {@return phrases that begin with a word, the longest first} */
  List<Phrase> phrases(String word) {
    return phrases.getOrDefault(word, List.of());
  }

  /** {@return whether two stems may stand for one another where all else is equal} */
  boolean areSynonyms(String stem, String other) {
    if (stem.equals(other)) {
      return true;
    }
    Set<Integer> groups = synonyms.get(stem);
    Set<Integer> others = groups == null ? null : synonyms.get(other);
    return others != null && groups.stream().anyMatch(others::contains);
  }

  /** {@return whether two stems mean the opposite, as known or by a prefix} */
  boolean areOpposites(String stem, String other) {
    return opposites.getOrDefault(stem, Set.of()).contains(other)
        || isNegated(stem, other)
        || isNegated(other, stem);
  }

  /** {@return whether two small words turn the meaning where all else is equal: to, from} */
  boolean areSmallOpposites(String stem, String other) {
    return smallOpposites.getOrDefault(stem, Set.of()).contains(other);
  }

  private static boolean isNegated(String negated, String stem) {
    int prefix = negated.length() - stem.length();
    return stem.length() > 3
        && prefix > 1
        && prefix <= 3
        && negated.endsWith(stem)
        && PREFIXES.contains(negated.substring(0, prefix));
  }
}
