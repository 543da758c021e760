package dev.askonce.bench.crash;

import dev.askonce.bench.data.Vectors;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is asked and what the right answer is, both made from numbers alone: an answer names its
 * scope, key and version and can be told from any other by its own bytes. Texts and vectors of a
 * key are the same in all scopes, so that an answer of another scope is as near as can be.
 * Immutable.
 */
public final class Truth implements Embedder {
  /** Components of a vector. */
  public static final int DIMENSION = 48;

  /** Keys from here on are asked by vector alone. */
  public static final int VECTOR_KEYS = 1 << 24;

  /** The least cosine of a hit; two keys reach it only if they are of one family. */
  public static final float THRESHOLD = 0.95f;

  /** Successive keys that are near each other. */
  private static final int FAMILY = 4;

  private static final double SIBLING_COSINE = 0.975;
  private static final Pattern HEAD = Pattern.compile("^scope (\\d+) key (\\d+) version (\\d+)\n");
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final int answerBytesMax;

  /**
   * @param answerBytesMax the longest answer, from 64
   */
  public Truth(long seed, int answerBytesMax) {
    this.seed = seed;
    this.answerBytesMax = answerBytesMax;
  }

  /** What an answer says of itself. */
  public record Claim(int scope, int key, long version) {}

  /** {@return the key of an encrypted store} */
  byte[] encryptionKey() {
    byte[] key = new byte[32];
    new Random(~seed).nextBytes(key);
    return key;
  }

  /** {@return the scope of a number; two of them share a tenant} */
  public static Scope scope(int number) {
    return Scope.tenant(tenant(number)).with("model", "model-" + number);
  }

  public static String tenant(int scope) {
    return "tenant-" + scope / 2;
  }

  /** {@return whether a key may be answered by the entry of another} */
  public static boolean isFamily(int key, int other) {
    return key / FAMILY == other / FAMILY;
  }

  public static String text(int key) {
    return "How do I change what was ordered under number " + key;
  }

  /** {@return the vector of a key, new} */
  public float[] vector(int key) {
    Random random = new Random(seed * 31 + key / FAMILY * MIX);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    Vectors.normalise(vector);
    return key % FAMILY == 0 || key >= VECTOR_KEYS
        ? vector
        : Vectors.perturbed(vector, SIBLING_COSINE, new Random(seed * 17 + key * MIX));
  }

  public Answer answer(int scope, int key, long version) {
    String head = "scope " + scope + " key " + key + " version " + version + "\n";
    Random random = new Random(seed ^ (scope * 31L + key) * MIX + version);
    int bytes = Math.max(head.length(), random.nextInt(answerBytesMax + 1));
    byte[] body = new byte[bytes];
    random.nextBytes(body);
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, body, 0, head.length());
    return new Answer("application/x-truth", body);
  }

  /** {@return what an answer claims to be, if it is byte for byte what it claims} */
  public Optional<Claim> claim(Answer answer) {
    int head = Math.min(answer.body().length, 64);
    Matcher matcher = HEAD.matcher(new String(answer.body(), 0, head, StandardCharsets.ISO_8859_1));
    if (!matcher.find()) {
      return Optional.empty();
    }
    Claim claim =
        new Claim(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Long.parseLong(matcher.group(3)));
    return answer.equals(answer(claim.scope(), claim.key(), claim.version()))
        ? Optional.of(claim)
        : Optional.empty();
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public String fingerprint() {
    return "truth";
  }

  @Override
  public Embedding embed(String text, Duration timeout) {
    return new Embedding(
        vector(Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1))), false);
  }
}
