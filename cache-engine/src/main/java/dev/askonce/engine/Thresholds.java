package dev.askonce.engine;

/** Refuses what is no threshold. */
final class Thresholds {
  private Thresholds() {}

  static double requireCosine(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new CacheException.InvalidThreshold(value);
    }
    return value;
  }

  static double requireShare(double value) {
    if (!(value > 0 && value <= 1)) {
      throw new CacheException.InvalidOption("wrong share not in (0, 1]: " + value);
    }
    return value;
  }
}
