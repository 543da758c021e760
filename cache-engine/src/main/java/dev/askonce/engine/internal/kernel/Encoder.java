package dev.askonce.engine.internal.kernel;

import dev.askonce.engine.internal.base.Memory;

/** Makes codes of stored vectors and planes of queries. Not thread-safe; holds its own scratch. */
public final class Encoder {
  private final Rotation rotation;
  private final Kernel kernel;
  private final float[] vector;
  private final float[] rotated;
  private final float[] scratch;
  private final float[] other;

  public Encoder(Rotation rotation, Kernel kernel) {
    this.rotation = rotation;
    this.kernel = kernel;
    vector = new float[rotation.dimension()];
    rotated = new float[Rotation.spread(rotation.dimension())];
    scratch = new float[rotation.dimension()];
    other = new float[rotation.dimension()];
  }

  /** Sets {@code code} to that of the unit vector at {@code address}. */
  public void encode(long address, VectorCode code) {
    Memory.copyOut(address, vector);
    rotation.apply(vector, rotated, scratch, other);
    code.set(rotated);
  }

  /** Sets both for one unit vector. */
  public void prepare(float[] query, QueryPlanes planes, VectorCode code) {
    prepare(query, planes);
    code.set(rotated);
  }

  /** Sets {@code planes} to those of a unit vector. */
  public void prepare(float[] query, QueryPlanes planes) {
    rotation.apply(query, rotated, scratch, other);
    kernel.quantise(rotated, planes);
  }
}
