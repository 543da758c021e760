package dev.askonce.optimizer.compress.select;

import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.optimizer.embed.Dot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * Says how much each sentence of a context does for a question: by the cosine of the local
 * embedder, by the question's words in the sentence, its neighbours and its passage, and by whether
 * it names the kind of thing asked for. After the extractive compressor of RECOMP (Xu et al. 2024),
 * with words beside vectors. Immutable and thread-safe.
 */
public final class ContextSelector {
  /* Stretches (passages, or parts of long ones) are embedded first. Sentences are embedded only of
   * the stretches that come first by their own score, since those of the others could not be among
   * the best; their cosine is taken to be a little below their stretch's. With ten passages of a
   * hundred words this halves the texts to embed.
   */
  private static final int STRETCHES_READ = 4;

  private static final double UNREAD_COSINE = -0.1;
  private static final int STRETCH_CHARS_MAX = 2_000;
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d.,]*\\d|\\d");

  /** Beginnings of sentences that take back some of what the one before says. */
  private static final Pattern LIMITING =
      Pattern.compile("(?:However|But|Except|Unless|Nevertheless|Only if|Not)\\b");

  /** A number of the question that more sentences have tells none of them from the others. */
  private static final int NUMBERED_MAX = 2;

  private final Optional<Embedder> embedder;
  private final Duration timeout;

  private ContextSelector(Optional<Embedder> embedder, Duration timeout) {
    this.embedder = embedder;
    this.timeout = timeout;
  }

  /**
   * {@return a selector by meaning and words}
   *
   * @param embedder not closed by the selector
   * @param timeout the most time that embedding one context may take; after it words alone decide
   */
  public static ContextSelector of(Embedder embedder, Duration timeout) {
    return new ContextSelector(Optional.of(embedder), timeout);
  }

  /** {@return a selector by words alone, which takes microseconds} */
  public static ContextSelector lexical() {
    return new ContextSelector(Optional.empty(), Duration.ZERO);
  }

  /**
   * {@return the sentences of a context and what speaks for each}
   *
   * @param tokens counts the tokens of a text for the model that will read it
   */
  public Ranking rank(String question, List<Passage> passages, ToLongFunction<String> tokens) {
    Features features = new Features(question, passages);
    double[][] rows = features.rows(passages);
    boolean embedded = false;
    if (embedder.isPresent() && rows.length > 1) {
      try {
        addCosines(question, features, rows);
        embedded = true;
      } catch (TimeoutException e) {
        // Words decide: a slow embedder makes a worse choice, not a slow request.
      }
    }
    Weights weights = embedded ? Weights.EMBEDDED : Weights.LEXICAL;
    double[] logits = Arrays.stream(rows).mapToDouble(weights::logit).toArray();
    return new Ranking(passages, pieces(question, features, passages, logits, tokens), embedded);
  }

  /** {@return the sentences ranked by BM25, which other selectors are measured against} */
  public static Ranking bm25(
      String question, List<Passage> passages, ToLongFunction<String> tokens) {
    Features features = new Features(question, passages);
    return new Ranking(passages, pieces("", features, passages, features.bm25(), tokens), false);
  }

  private static List<Piece> pieces(
      String question,
      Features features,
      List<Passage> passages,
      double[] logits,
      ToLongFunction<String> tokens) {
    double greatest = Arrays.stream(logits).max().orElse(0);
    double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - greatest)).sum();
    Set<String> numbers = numbers(question);
    boolean telling = !numbers.isEmpty() && countWith(numbers, features) <= NUMBERED_MAX;
    List<Piece> pieces = new ArrayList<>(logits.length);
    for (int i = 0; i < logits.length; i++) {
      Features.Sentence sentence = features.sentences().get(i);
      String text = passages.get(sentence.passage()).text();
      pieces.add(
          new Piece(
              sentence.passage(),
              sentence.span().start(),
              sentence.span().end(),
              tokens.applyAsLong(sentence.text()),
              Math.exp(logits[i] - greatest) / sum,
              Sentences.isFence(text, sentence.span())
                  || telling && hasAny(numbers, sentence.text()),
              LIMITING.matcher(sentence.text()).lookingAt()));
    }
    return pieces;
  }

  private static long countWith(Set<String> numbers, Features features) {
    return features.sentences().stream().filter(s -> hasAny(numbers, s.text())).count();
  }

  private static boolean hasAny(Set<String> numbers, String text) {
    return NUMBER.matcher(text).results().anyMatch(found -> numbers.contains(found.group()));
  }

  private static Set<String> numbers(String text) {
    Set<String> numbers = new HashSet<>();
    NUMBER.matcher(text).results().forEach(found -> numbers.add(found.group()));
    return numbers;
  }

  void addCosines(String question, Features features, double[][] rows) throws TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<Features.Sentence> sentences = features.sentences();
    List<String> texts = new ArrayList<>();
    texts.add(question);
    features.stretches().forEach(stretch -> texts.add(cut(stretch)));
    List<Embedding> whole = embedder.get().embedAll(texts, timeout);
    float[] asked = whole.getFirst().vector();
    double[] cosines = new double[features.stretches().size()];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = Dot.of(asked, whole.get(i + 1).vector());
    }
    Set<Integer> read = best(cosines, sentences, rows);
    List<String> close = new ArrayList<>();
    for (Features.Sentence sentence : sentences) {
      if (read.contains(sentence.stretch())) {
        close.add(sentence.text());
      }
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    List<Embedding> vectors = embedder.get().embedAll(close, left);
    int next = 0;
    for (int i = 0; i < rows.length; i++) {
      int stretch = sentences.get(i).stretch();
      rows[i][Features.STRETCH_COSINE] = cosines[stretch];
      rows[i][Features.SENTENCE_COSINE] =
          read.contains(stretch)
              ? Dot.of(asked, vectors.get(next++).vector())
              : cosines[stretch] + UNREAD_COSINE;
    }
  }

  private static Set<Integer> best(
      double[] cosines, List<Features.Sentence> sentences, double[][] rows) {
    double[] scores = cosines.clone();
    for (int i = 0; i < rows.length; i++) {
      int stretch = sentences.get(i).stretch();
      scores[stretch] = cosines[stretch] + 0.5 * rows[i][Features.STRETCH_OVERLAP];
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> -scores[i]));
    return new HashSet<>(order.subList(0, Math.min(STRETCHES_READ, order.size())));
  }

  private static String cut(String text) {
    return text.length() <= STRETCH_CHARS_MAX ? text.strip() : text.substring(0, STRETCH_CHARS_MAX);
  }
}
