package dev.askonce.engine.internal.cache;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Texts of the form {@code meaning#wording} mean the same where {@code meaning} is equal: their
 * cosine is about {@link #PARAPHRASE}, and near 0 otherwise. A text that starts with {@code long:}
 * is cut, {@code broken:} fails, {@code slow:} is too late.
 */
public final class FakeEmbedder implements Embedder {
  public static final int DIMENSION = 32;

  /** Cosine of two wordings of one meaning, at least. */
  public static final double PARAPHRASE = 0.97;

  public final AtomicInteger calls = new AtomicInteger();
  volatile String fingerprint = "fake-1";
  volatile boolean broken;
  volatile int vectorLength = DIMENSION;

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public Embedding embed(String text, Duration timeout) throws TimeoutException {
    calls.incrementAndGet();
    if (broken || text.startsWith("broken:")) {
      throw new IllegalStateException("the model is gone");
    }
    if (text.startsWith("slow:")) {
      throw new TimeoutException();
    }
    if (vectorLength != DIMENSION) {
      float[] vector = new float[vectorLength];
      vector[0] = 1;
      return new Embedding(vector, false);
    }
    return new Embedding(vector(text), text.startsWith("long:"));
  }

  /** {@return the unit vector of a text} */
  public static float[] vector(String text) {
    int mark = text.indexOf('#');
    if (mark < 0) {
      return TestSeed.unitVector(new Random(text.hashCode()), DIMENSION);
    }
    float[] centre = TestSeed.unitVector(new Random(text.substring(0, mark).hashCode()), DIMENSION);
    // Two vectors at this cosine to the centre are at least at the promised one to each other.
    double half = Math.cos(Math.acos(PARAPHRASE) / 2);
    return TestSeed.near(new Random(text.hashCode()), centre, half);
  }

  public static float cosine(String a, String b) {
    float[] first = vector(a);
    float[] second = vector(b);
    float cosine = 0;
    for (int i = 0; i < DIMENSION; i++) {
      cosine += first[i] * second[i];
    }
    return cosine;
  }
}
