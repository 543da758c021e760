package dev.askonce.engine.internal.kernel;

/**
 * A rotated query in four bits a component: level {@code u} from 0 to 15 stands for {@code (2u -
 * 15) * step / 2}, and bit <i>p</i> of all levels is plane <i>p</i>. With the signs <i>s</i> of a
 * code, ⟨q, s⟩ is then {@code base - step * Σ 2^p * popcount(plane p XOR signs)}: no multiplication
 * and no count of the code's own bits.
 *
 * <p>Not thread-safe; owned by one search context.
 */
public final class QueryPlanes {
  static final int PLANES = 4;
  static final int LEVEL_MAX = 15;

  /** Each word of a plane stands this often in a row, so that a load fills a register with it. */
  static final int REPEAT = 16;

  private static final float CODE_ERROR = 0.75f;
  private static final float LEVEL_ERROR = 0.36f;

  private final int components;
  private final int[] planes;
  float base;
  float step;

  public QueryPlanes(int dimension) {
    components = Rotation.spread(dimension);
    planes = new int[CodeGroup.words(dimension) * PLANES * REPEAT];
  }

  int[] planes() {
    return planes;
  }

  int words() {
    return planes.length / (PLANES * REPEAT);
  }

  /** Sets the constants for components of at most {@code largest}, in absolute value. */
  void scale(float largest) {
    base = largest * components;
    step = 2 * largest / LEVEL_MAX;
  }

  /**
   * {@return the standard error of an estimate of a cosine} That of the code and that of the
   * levels: uniform within a step, which the code's factor divides by 0.8 times the root of the
   * components.
   */
  public float error(float cosine) {
    float sine = (float) Math.sqrt(Math.max(0, 1 - cosine * cosine));
    float ofCode = CODE_ERROR * sine / (float) Math.sqrt(components);
    float ofLevels = LEVEL_ERROR * step;
    return (float) Math.sqrt(ofCode * ofCode + ofLevels * ofLevels);
  }

  static int index(int word, int plane) {
    return (word * PLANES + plane) * REPEAT;
  }
}
