package dev.askonce.engine.internal.index;

import dev.askonce.engine.internal.kernel.Kernel;
import dev.askonce.engine.internal.kernel.QueryPlanes;
import dev.askonce.engine.internal.kernel.ScalarKernel;

/** The scalar kernel, for tests that change one method. */
class ForwardingKernel implements Kernel {
  private final Kernel kernel = new ScalarKernel();

  @Override
  public float dot(float[] query, long address) {
    return kernel.dot(query, address);
  }

  @Override
  public float dot(long a, long b, int dimension) {
    return kernel.dot(a, b, dimension);
  }

  @Override
  public void dot4(float[] query, long a, long b, long c, long d, float[] result) {
    kernel.dot4(query, a, b, c, d, result);
  }

  @Override
  public float squares(float[] vector) {
    return kernel.squares(vector);
  }

  @Override
  public void scale(float[] from, float factor, float[] to) {
    kernel.scale(from, factor, to);
  }

  @Override
  public void permute(float[] from, int[] order, float[] signs, float[] to) {
    kernel.permute(from, order, signs, to);
  }

  @Override
  public void mix(float[] values, int start, int length, int stages, float scale) {
    kernel.mix(values, start, length, stages, scale);
  }

  @Override
  public void quantise(float[] rotated, QueryPlanes query) {
    kernel.quantise(rotated, query);
  }

  @Override
  public void estimate(long group, QueryPlanes query, float[] estimates) {
    kernel.estimate(group, query, estimates);
  }

  @Override
  public int reaching(float[] estimates, float floor) {
    return kernel.reaching(estimates, floor);
  }
}
