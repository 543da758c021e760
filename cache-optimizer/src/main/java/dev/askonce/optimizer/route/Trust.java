package dev.askonce.optimizer.route;

/**
 * How far a feature is trusted, as the size at which it enters a {@link Ridge}: a ridge holds small
 * inputs to small effects.
 */
enum Trust {
  /* Features beside the twelve at a fifth: on 1,300 samples on which the models differ it cost
   * nothing, on fewer it helped. */
  /** Where many samples tell what a feature means. */
  WIDE(300, 1, 0.2f),
  /* On 87 such samples all features at one size gave an area of 0.65 out of part, the twelve alone
   * 0.69, and how much there is to do 0.70: the number of words, and in code the longest literal. */
  /** Where few do. */
  NARROW(100, 0.1f, 0.03f);

  private final double penalty;
  private final float[] sizes = new float[Standardisation.WIDTH];

  Trust(double penalty, float trusted, float others) {
    this.penalty = penalty;
    for (int i = 0; i < sizes.length; i++) {
      int feature = i % (Feature.COUNT + 1);
      if (feature == Feature.COUNT) {
        sizes[i] = 1; // the kind itself
      } else if (feature == Feature.WORDS.ordinal()
          || feature == Feature.LITERAL_LENGTH.ordinal()) {
        sizes[i] = 1;
      } else {
        sizes[i] = feature < Feature.TRUSTED_COUNT ? trusted : others;
      }
    }
  }

  /** {@return the ridge's penalty} */
  double penalty() {
    return penalty;
  }

  float[] sized(float[] inputs) {
    float[] sized = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      sized[i] = sizes[i] * inputs[i];
    }
    return sized;
  }

  /** {@return a score of sized inputs as one of inputs as they are} */
  LinearScore unsized(LinearScore score) {
    return new LinearScore(sized(score.weights()), score.bias());
  }
}
