package dev.askonce.optimizer.compress.select;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What speaks for each sentence of a context, as numbers, but for the cosines: which of the
 * question's words it has, weighed by how few sentences have them, and whether it names the kind of
 * thing that is asked for.
 */
final class Features {
  /* One row a sentence, in the order of the context. Weights are in Weights, by these places. */
  static final int SENTENCE_COSINE = 0;
  static final int STRETCH_COSINE = 1;
  static final int OVERLAP = 2;
  static final int STRETCH_OVERLAP = 3;
  static final int TITLE_OVERLAP = 4;
  static final int FIRST = 5;
  static final int LENGTH = 6;
  static final int TIME = 7;
  static final int NUMBER = 8;
  static final int NAMES = 9;
  static final int BEFORE_OVERLAP = 10;
  static final int AFTER_OVERLAP = 11;
  static final int NEW_WORDS = 12;
  static final int COUNT = 13;

  private static final int NEW_WORDS_MAX = 12;

  /** A passage of more sentences is read as several stretches of nearly this many. */
  private static final int STRETCH_SENTENCES = 6;

  /**
   * A sentence and the words in it.
   *
   * @param stretch the number of the stretch it is part of: a passage, or a part of a long one
   */
  record Sentence(int passage, int stretch, Sentences.Span span, String text, List<String> words) {}

  private final Set<String> asked;
  private final Expected expected;
  private final List<Sentence> sentences = new ArrayList<>();
  private final List<String> stretches = new ArrayList<>();
  private final Map<String, Integer> sentencesOfWord = new HashMap<>();
  private final double askedWeight;

  Features(String question, List<Passage> passages) {
    asked = Words.setOf(question);
    expected = Expected.of(question);
    for (int i = 0; i < passages.size(); i++) {
      addSentences(i, passages.get(i));
    }
    for (Sentence sentence : sentences) {
      new HashSet<>(sentence.words).forEach(w -> sentencesOfWord.merge(w, 1, Integer::sum));
    }
    double sum = 0;
    for (String word : asked) {
      sum += rarity(word);
    }
    askedWeight = sum;
  }

  private void addSentences(int passage, Passage of) {
    List<Sentences.Span> spans = Sentences.of(of.text());
    int parts = Math.max(1, Math.ceilDiv(spans.size() - 2, STRETCH_SENTENCES));
    int first = stretches.size();
    for (int i = 0; i < spans.size(); i++) {
      Sentences.Span span = spans.get(i);
      String text = of.text().substring(span.start(), span.end());
      int stretch = first + i * parts / spans.size();
      if (stretch == stretches.size()) {
        stretches.add(of.title().isEmpty() ? "" : of.title() + ": ");
      }
      stretches.set(stretch, stretches.get(stretch) + text + " ");
      sentences.add(new Sentence(passage, stretch, span, text, Words.of(text)));
    }
  }

  /** {@return title and text of each stretch} */
  List<String> stretches() {
    return stretches;
  }

  List<Sentence> sentences() {
    return sentences;
  }

  /** {@return a row for each sentence, cosines still zero} */
  double[][] rows(List<Passage> passages) {
    double[][] rows = new double[sentences.size()][COUNT];
    for (int start = 0; start < rows.length; ) {
      int stretch = sentences.get(start).stretch;
      int end = start;
      while (end < rows.length && sentences.get(end).stretch == stretch) {
        end++;
      }
      fill(rows, start, end, passages.get(sentences.get(start).passage));
      start = end;
    }
    return rows;
  }

  private void fill(double[][] rows, int start, int end, Passage passage) {
    Set<String> title = Words.setOf(passage.title());
    Set<String> all = new HashSet<>(title);
    for (int i = start; i < end; i++) {
      all.addAll(sentences.get(i).words);
    }
    double titleOverlap = overlap(title);
    double stretchOverlap = overlap(all);
    for (int i = start; i < end; i++) {
      Sentence sentence = sentences.get(i);
      Set<String> words = new HashSet<>(sentence.words);
      double[] row = rows[i];
      row[OVERLAP] = overlap(words);
      row[STRETCH_OVERLAP] = stretchOverlap;
      row[TITLE_OVERLAP] = titleOverlap;
      row[FIRST] = isFirst(i) ? 1 : 0;
      row[LENGTH] = Math.log(1 + sentence.words.size());
      row[TIME] = expected == Expected.TIME && Expected.hasTime(sentence.text) ? 1 : 0;
      row[NUMBER] = expected == Expected.NUMBER && Expected.hasNumber(sentence.text) ? 1 : 0;
      if (expected == Expected.NAME || expected == Expected.ANY) {
        row[NAMES] = Expected.newNames(sentence.text, asked);
      }
      words.removeAll(asked);
      row[NEW_WORDS] = Math.min(words.size(), NEW_WORDS_MAX);
    }
    for (int i = start; i < end; i++) {
      rows[i][BEFORE_OVERLAP] = i > start ? rows[i - 1][OVERLAP] : 0;
      rows[i][AFTER_OVERLAP] = i + 1 < end ? rows[i + 1][OVERLAP] : 0;
    }
  }

  private boolean isFirst(int i) {
    return i == 0 || sentences.get(i - 1).passage != sentences.get(i).passage;
  }

  /** {@return which share of the question's words is there, weighed by their rarity} */
  private double overlap(Set<String> words) {
    double sum = 0;
    for (String word : asked) {
      if (words.contains(word)) {
        sum += rarity(word);
      }
    }
    return askedWeight == 0 ? 0 : sum / askedWeight;
  }

  /**
   * BM25's inverse document frequency over the context, plus one, since few sentences say little.
   */
  private double rarity(String word) {
    int with = sentencesOfWord.getOrDefault(word, 0);
    return 1 + Math.log(1 + (sentences.size() - with + 0.5) / (with + 0.5));
  }

  /** {@return BM25 of each sentence (Robertson and Zaragoza 2009; k1 1.2, b 0.75)} */
  double[] bm25() {
    double[] scores = new double[sentences.size()];
    double mean = sentences.stream().mapToInt(s -> s.words.size()).average().orElse(1);
    for (int i = 0; i < scores.length; i++) {
      List<String> words = sentences.get(i).words;
      Map<String, Integer> counts = new HashMap<>();
      words.forEach(word -> counts.merge(word, 1, Integer::sum));
      double length = 1.2 * (0.25 + 0.75 * words.size() / Math.max(mean, 1));
      for (String word : asked) {
        int count = counts.getOrDefault(word, 0);
        scores[i] += (rarity(word) - 1) * count * 2.2 / (count + length);
      }
    }
    return scores;
  }
}
