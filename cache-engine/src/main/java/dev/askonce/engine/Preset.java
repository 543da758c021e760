package dev.askonce.engine;

/** Shares of wrong answers among the served ones that operators accept. */
public enum Preset {
  /** One in a hundred. */
  STRICT(0.01),
  /** One in fifty. */
  BALANCED(0.02),
  /** One in twenty. */
  EAGER(0.05);

  private final double wrongShareMax;

  Preset(double wrongShareMax) {
    this.wrongShareMax = wrongShareMax;
  }

  public double wrongShareMax() {
    return wrongShareMax;
  }
}
