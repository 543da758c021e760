package dev.askonce.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Settings of a {@link TokenClassifier}. Not thread-safe; opens one classifier. */
public final class TokenClassifierBuilder {
  private static final int PIECES_OF_CHARACTER_MAX = 4;

  private Path model;
  WordTokenizer tokenizer;
  long first;
  long last;
  int tokensMax = 512;
  boolean byGreatest;
  Set<String> forced = Set.of();
  boolean forceDigits;
  int threads = MiniLmEmbedderBuilder.THREADS_DEFAULT;
  int queuedMax = MiniLmEmbedderBuilder.QUEUED_DEFAULT;

  TokenClassifierBuilder() {}

  /** The ONNX file. Required. */
  public TokenClassifierBuilder model(Path value) {
    model = value;
    return this;
  }

  /**
   * The {@code tokenizer.json} of an uncased BERT. This or the other {@link #tokenizer(
   * WordTokenizer, long, long)} is required.
   *
   * @throws ModelException if it cannot be read, or is of another kind of tokenizer
   */
  public TokenClassifierBuilder tokenizer(Path tokenizerJson) {
    WordPieceTokenizer pieces = TokenizerFile.read(bytes(tokenizerJson));
    long[] frame = ids(pieces, "");
    return tokenizer(
        word -> {
          long[] ids = ids(pieces, word);
          return Arrays.copyOfRange(ids, 1, ids.length - 1);
        },
        frame[0],
        frame[1]);
  }

  /**
   * Any other tokenizer.
   *
   * @param first the token before every text
   * @param last the token behind every text
   */
  public TokenClassifierBuilder tokenizer(WordTokenizer value, long first, long last) {
    tokenizer = value;
    this.first = first;
    this.last = last;
    return this;
  }

  /**
   * Tokens that the model reads at once, with the two that frame them; longer texts are read in
   * parts. Default 512.
   *
   * @param value from 3 to 8,192
   */
  public TokenClassifierBuilder tokensMax(int value) {
    require(value >= 3 && value <= 8_192, "tokensMax " + value + " not in 3..8192");
    tokensMax = value;
    return this;
  }

  /** Whether a word is needed as much as its most needed token, not as the mean of them. */
  public TokenClassifierBuilder byGreatest(boolean value) {
    byGreatest = value;
    return this;
  }

  /** Words that always stay, as they are written between white space. */
  public TokenClassifierBuilder force(String... words) {
    forced = Set.of(words);
    return this;
  }

  /** Whether words with a digit always stay. Default false. */
  public TokenClassifierBuilder forceDigits(boolean value) {
    forceDigits = value;
    return this;
  }

  /**
   * Parts read at the same time, each on one thread. Default: one for each processor, at most 8.
   *
   * @param value from 1 to 256
   */
  public TokenClassifierBuilder threads(int value) {
    require(value >= 1 && value <= 256, "threads " + value + " not in 1..256");
    threads = value;
    return this;
  }

  /**
   * Loads the model and starts the threads.
   *
   * @throws IllegalArgumentException if the model or the tokenizer was not named
   * @throws ModelException if the file cannot be read or is no token classifier of two classes
   */
  public TokenClassifier open() {
    require(model != null, "name the model's file");
    require(tokenizer != null, "name the tokenizer's file, or give a tokenizer");
    return new TokenClassifier(this, bytes(model));
  }

  private static long[] ids(WordPieceTokenizer pieces, String word) {
    // A few characters stand for several letters.
    TokenBuffer buffer = new TokenBuffer(PIECES_OF_CHARACTER_MAX * word.length() + 2);
    pieces.encode(word, buffer);
    return Arrays.copyOf(buffer.ids(), buffer.count());
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ModelException("cannot read " + file, e);
    }
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
