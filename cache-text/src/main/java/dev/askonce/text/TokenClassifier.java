package dev.askonce.text;

import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Drops the words of a text that a token-classification model thinks it can do without, after
 * LLMLingua-2 (Pan et al. 2024). The model is the caller's: an ONNX file that reads {@code
 * input_ids} and {@code attention_mask} (and {@code token_type_ids} if it has them) and writes two
 * logits a token, of dropping and of keeping it. None is shipped.
 *
 * <p>A word stays by the mean, or the greatest, of its tokens' probabilities; long texts are read
 * in parts that end between words. What stays is in its order, word for word, with the white space
 * before it, so lines stay lines.
 *
 * <p>Threading: safe for any number of threads; inference runs on threads of its own.
 */
public final class TokenClassifier implements AutoCloseable {
  private static final Pattern WORD = Pattern.compile("\\S+");

  private final TokenClassifierBuilder settings;
  private final OrtSession session;
  private final ModelWorkers<long[], float[]> workers;
  private boolean sessionOpen = true;

  TokenClassifier(TokenClassifierBuilder settings, byte[] model) {
    this.settings = settings;
    session = OnnxRuntimeLibrary.session(model);
    try {
      TokenClassification.requireFits(session);
      workers =
          new ModelWorkers<>(
              "token classifier",
              settings.threads,
              settings.queuedMax,
              () -> new TokenClassification(session));
    } catch (Throwable e) {
      OnnxRuntimeLibrary.free(session);
      throw e;
    }
  }

  /** {@return settings to open a classifier with} */
  public static TokenClassifierBuilder builder() {
    return new TokenClassifierBuilder();
  }

  /**
   * {@return the words of a text and how much each is needed}
   *
   * @throws TimeoutException when the time is over
   * @throws ModelException if the model fails
   * @throws IllegalStateException after {@link #close}
   */
  public List<KeptWord> words(String text, Duration timeout) throws TimeoutException {
    workers.requireOpen();
    List<KeptWord> words = new ArrayList<>();
    List<long[]> ids = new ArrayList<>();
    for (Matcher word = WORD.matcher(text); word.find(); ) {
      // A word of more tokens than a part holds is read by its beginning.
      long[] all = settings.tokenizer.ids(word.group());
      long[] read = Arrays.copyOf(all, Math.min(all.length, settings.tokensMax - 2));
      words.add(new KeptWord(word.start(), word.end(), read.length, 0));
      ids.add(read);
    }
    List<long[]> parts = parts(ids);
    List<float[]> probabilities = workers.runAll(parts, OnnxEmbedder.saturatedNanos(timeout));
    int part = 0;
    int at = 1;
    for (int i = 0; i < words.size(); i++) {
      int count = ids.get(i).length;
      if (at + count > parts.get(part).length - 1) {
        part++;
        at = 1;
      }
      words.set(i, scored(words.get(i), probabilities.get(part), at, at + count));
      at += count;
    }
    return words;
  }

  /**
   * {@return the text without the words that are needed least}
   *
   * @param rate the share of the tokens that stays, above 0 and up to 1; what {@link
   *     TokenClassifierBuilder#force forced} words need is on top if they alone are more
   * @throws TimeoutException when the time is over
   */
  public String compress(String text, double rate, Duration timeout) throws TimeoutException {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate " + rate + " not above 0 and up to 1");
    }
    List<KeptWord> words = words(text, timeout);
    long left = Math.round(rate * words.stream().mapToLong(KeptWord::tokens).sum());
    boolean[] stays = new boolean[words.size()];
    for (int i = 0; i < stays.length; i++) {
      if (isForced(text, words.get(i))) {
        stays[i] = true;
        left -= words.get(i).tokens();
      }
    }
    Integer[] best = new Integer[stays.length];
    Arrays.setAll(best, i -> i);
    Arrays.sort(
        best, (a, b) -> Float.compare(words.get(b).probability(), words.get(a).probability()));
    for (int i : best) {
      if (!stays[i] && words.get(i).tokens() <= left) {
        stays[i] = true;
        left -= words.get(i).tokens();
      }
    }
    return joined(text, words, stays);
  }

  /**
   * {@return the text without the words whose probability is lower}
   *
   * @param probabilityMin from 0 to 1
   * @throws TimeoutException when the time is over
   */
  public String compressBelow(String text, double probabilityMin, Duration timeout)
      throws TimeoutException {
    if (!(probabilityMin >= 0 && probabilityMin <= 1)) {
      throw new IllegalArgumentException("probabilityMin " + probabilityMin + " not in 0..1");
    }
    List<KeptWord> words = words(text, timeout);
    boolean[] stays = new boolean[words.size()];
    for (int i = 0; i < stays.length; i++) {
      stays[i] = words.get(i).probability() >= probabilityMin || isForced(text, words.get(i));
    }
    return joined(text, words, stays);
  }

  /** Refuses what waits, waits for what runs, and frees the model. A second call does nothing. */
  @Override
  public synchronized void close() {
    workers.close();
    if (sessionOpen) {
      sessionOpen = false;
      OnnxRuntimeLibrary.free(session);
    }
  }

  /** {@return rows of framed tokens, each as many whole words as it holds} */
  private List<long[]> parts(List<long[]> words) {
    List<long[]> parts = new ArrayList<>();
    long[] part = new long[settings.tokensMax];
    part[0] = settings.first;
    int count = 1;
    for (long[] word : words) {
      if (count + word.length > settings.tokensMax - 1) {
        parts.add(framed(part, count));
        count = 1;
      }
      System.arraycopy(word, 0, part, count, word.length);
      count += word.length;
    }
    if (!words.isEmpty()) {
      parts.add(framed(part, count));
    }
    return parts;
  }

  private long[] framed(long[] part, int count) {
    long[] framed = Arrays.copyOf(part, count + 1);
    framed[count] = settings.last;
    return framed;
  }

  private KeptWord scored(KeptWord word, float[] probabilities, int from, int to) {
    float sum = 0;
    float greatest = 0;
    for (int i = from; i < to; i++) {
      sum += probabilities[i];
      greatest = Math.max(greatest, probabilities[i]);
    }
    float probability = to == from ? 0 : settings.byGreatest ? greatest : sum / (to - from);
    return new KeptWord(word.start(), word.end(), word.tokens(), probability);
  }

  private boolean isForced(String text, KeptWord word) {
    String written = text.substring(word.start(), word.end());
    return settings.forced.contains(written)
        || settings.forceDigits && written.chars().anyMatch(Character::isDigit);
  }

  private static String joined(String text, List<KeptWord> words, boolean[] stays) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < stays.length; i++) {
      if (stays[i]) {
        int before = i == 0 ? 0 : words.get(i - 1).end();
        if (!out.isEmpty()) {
          out.append(text, before, words.get(i).start());
        }
        out.append(text, words.get(i).start(), words.get(i).end());
      }
    }
    return out.toString();
  }
}
