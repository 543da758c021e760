package dev.askonce.bench.data;

import java.util.Random;

/**
 * Synthetic embeddings in clusters: unit vectors whose neighbourhoods resemble those of questions.
 * Immutable; thread-safe.
 */
public final class Corpus {
  /*
   * A centre is a random point of a LATENT-dimensional subspace, since independent directions in 384
   * dimensions would all be orthogonal: no graph, and no search, could tell one from the other.
   * A member is its centre plus noise in all dimensions, so that two members of a cluster have a
   * cosine of about MEMBER_COSINE: related questions, none of which may answer another.
   * A paraphrase is an entry plus noise again, at a cosine of about PARAPHRASE_COSINE.
   */

  /** Components of every vector: those of the MiniLM family of embedders. */
  public static final int DIMENSION = 384;

  private static final int LATENT = 32;
  private static final int CLUSTER_ENTRIES = 50;
  private static final double MEMBER_COSINE = 0.7;
  private static final double PARAPHRASE_COSINE = 0.98;

  private final long seed;
  private final int entryCount;
  private final float[][] centres;

  public Corpus(int entryCount, long seed) {
    this.seed = seed;
    this.entryCount = entryCount;
    float[][] axes = new float[LATENT][];
    for (int i = 0; i < LATENT; i++) {
      axes[i] = direction(random(1, i));
    }
    centres = new float[Math.ceilDiv(entryCount, CLUSTER_ENTRIES)][];
    for (int i = 0; i < centres.length; i++) {
      Random random = random(2, i);
      float[] centre = new float[DIMENSION];
      for (float[] axis : axes) {
        add(centre, axis, random.nextGaussian());
      }
      centres[i] = unit(centre);
    }
  }

  /** {@return the vector of an entry} */
  public float[] entry(int index) {
    return member(index);
  }

  /** {@return a vector that an entry answers: its cosine with the entry is about 0.98} */
  public float[] paraphrase(int index) {
    return mix(member(index), direction(random(4, index)), PARAPHRASE_COSINE);
  }

  /** {@return a vector that no entry answers, although a whole cluster lies near it} */
  public float[] stranger(int index) {
    return member(entryCount + index);
  }

  private float[] member(int index) {
    float[] centre = centres[index % centres.length];
    return mix(centre, direction(random(3, index)), Math.sqrt(MEMBER_COSINE));
  }

  private Random random(int kind, int index) {
    return new Random(seed * 31 + kind + index * 0x9E3779B97F4A7C15L);
  }

  private static float[] direction(Random random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return unit(vector);
  }

  /** {@return the unit vector at a cosine of about {@code cosine} to {@code origin}} */
  private static float[] mix(float[] origin, float[] noise, double cosine) {
    float[] mixed = new float[DIMENSION];
    add(mixed, origin, cosine);
    add(mixed, noise, Math.sqrt(1 - cosine * cosine));
    return unit(mixed);
  }

  private static void add(float[] sum, float[] vector, double weight) {
    for (int i = 0; i < DIMENSION; i++) {
      sum[i] += (float) (weight * vector[i]);
    }
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float component : vector) {
      squares += (double) component * component;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] *= scale;
    }
    return vector;
  }
}
