package dev.askonce.bench.fleet;

import dev.askonce.bench.data.Vectors;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Questions by number, their vectors in groups that are near each other, and their answers. */
final class Questions implements Embedder {
  static final int DIMENSION = 384;
  static final float THRESHOLD = 0.95f;
  private static final int ANSWER_BYTES = 1_000;
  private static final int GROUP = 64;
  private static final float SPREAD = 0.8f;

  static Scope scope(String name, int number) {
    return Scope.tenant("fleet").with("model", name + "-" + number);
  }

  static String text(int key) {
    return "How do I change what was ordered under number " + key;
  }

  /** {@return an answer that says a number} */
  static Answer answer(long number) {
    byte[] body = new byte[ANSWER_BYTES];
    Arrays.fill(body, (byte) ' ');
    byte[] digits = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, body, 0, digits.length);
    return new Answer("text/plain", body);
  }

  static long number(Answer answer) {
    return Long.parseLong(answer.text().strip());
  }

  static float[] vector(int key) {
    SplittableRandom group = new SplittableRandom(key / GROUP);
    SplittableRandom own = new SplittableRandom(~(long) key);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = part(group) + SPREAD * part(own);
    }
    Vectors.normalise(vector);
    return vector;
  }

  private static float part(SplittableRandom random) {
    return (random.nextInt() >> 8) * 0x1p-23f;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String fingerprint() {
    return "questions";
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    return new Embedding(
        vector(Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1))), false);
  }
}
