package dev.askonce.optimizer.route;

/** The form of a prompt. Length means another thing in code than in prose, so each has weights. */
enum Kind {
  CODE,
  CHOICE,
  NUMBERS,
  PROSE;

  static final int COUNT = values().length;

  /** Numbers from which on a text is about them. */
  private static final float NUMBERS_MIN = PromptFeatures.log(1.5);

  static Kind of(float[] features) {
    if (features[Feature.CALLS.ordinal()] > 0 || features[Feature.ASSIGNMENTS.ordinal()] > 0) {
      return CODE;
    }
    if (OptionFeatures.has(features)) {
      return CHOICE;
    }
    return features[Feature.NUMBERS.ordinal()] > NUMBERS_MIN ? NUMBERS : PROSE;
  }
}
