package dev.askonce.bench.vectors;

import dev.askonce.bench.data.Progress;
import java.util.List;
import java.util.stream.IntStream;

/** An index under measurement. Built once, then asked at several settings. */
interface Engine extends AutoCloseable {
  /** Links of a node, twice as many at the bottom: what the peers' users use. */
  int LINKS = 16;

  /** The beam with which peers look for the links of a new node. */
  int BUILD_BEAM = 200;

  /** {@return its name in the rows} */
  String name();

  /** Takes the data, and does what is not counted: compiling, copying, opening. */
  void prepare(Data data) throws Exception;

  /**
   * Adds all entries, and returns when they can be searched as they will be.
   *
   * @throws BuildPace.TooSlow if that takes longer than allowed
   */
  void build(BuildPace pace) throws Exception;

  /** {@return what the index takes, vectors included; called once, right after its build} */
  long bytes();

  /**
   * Learns from the data's training queries, right after the build; does nothing by default.
   *
   * @param tau the threshold of {@link Mode#ANY}
   */
  default void learn(float tau, double secondsMax, Progress progress) {}

  /** {@return the settings to measure in a mode, narrowest beam first} */
  default List<Setting> settings(Mode mode) {
    return IntStream.of(
            4, 6, 8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 32, 40, 48, 56, 64, 96, 128, 192, 256)
        .mapToObj(Setting::full)
        .toList();
  }

  /**
   * {@return whether it stops at the first entry over the threshold in {@link Mode#ANY}; if not, it
   * is asked for the nearest there}
   */
  default boolean stopsAtThreshold() {
    return false;
  }

  /** {@return the engine at a setting} */
  Asking asking(Mode mode, float tau, Setting setting);

  @Override
  void close();
}
