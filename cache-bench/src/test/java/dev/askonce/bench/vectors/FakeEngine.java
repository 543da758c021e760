package dev.askonce.bench.vectors;

import dev.askonce.bench.data.Progress;
import java.util.List;
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
  public void build(BuildPace pace) {
    truth = Truth.of(data, new Progress(line -> {}));
  }

  @Override
  public long bytes() {
    return data.base().rows().byteSize();
  }

  @Override
  public List<Setting> settings(Mode mode) {
    return List.of(Setting.full(8));
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new SearcherLoop(
        data,
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
