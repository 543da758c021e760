package dev.askonce.bench.vectors;

/**
 * What is varied of an engine.
 *
 * @param beam candidates that a search keeps in sight
 * @param calibrated whether it may stop as early as it has learned to
 */
record Setting(int beam, boolean calibrated) {
  /** {@return a search with this beam, to its end} */
  static Setting full(int beam) {
    return new Setting(beam, false);
  }

  /** {@return how rows name it} */
  String label() {
    return calibrated ? "calibrated" : "beam=" + beam;
  }
}
