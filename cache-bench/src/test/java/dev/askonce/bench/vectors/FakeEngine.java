package dev.askonce.bench.vectors;

import java.util.function.IntUnaryOperator;

/** Compares each query with every entry, and then says only so many of what it found. */
final class FakeEngine implements Engine {
  private final String name;
  private final IntUnaryOperator said;
  private Data data;
  private Truth truth;

  /**
   * @param said how many of {@code k} found entries are returned
   */
  FakeEngine(String name, IntUnaryOperator said) {
    this.name = name;
    this.said = said;
  }

  Peer peer() {
    return new Peer(name, () -> this);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(Data data) {
    this.data = data;
  }

  @Override
  public void build(BuildPace pace) throws InterruptedException {
    truth = Truth.of(data.base(), data.queries(), new Progress(line -> {}));
  }

  @Override
  public long bytes() {
    return data.base().memory().byteSize();
  }

  @Override
  public int[] beams() {
    return new int[] {8};
  }

  @Override
  public Asking asking(Mode mode, float tau, int beam) {
    return new SearcherLoop(
        data.queries().count(),
        mode.k,
        () ->
            (query, found) -> {
              int count = said.applyAsInt(found.length);
              for (int i = 0; i < count; i++) {
                found[i] = truth.entry(query, i);
              }
              return count;
            });
  }

  @Override
  public void close() {}
}
