package dev.askonce.optimizer.compress.select;

/**
 * How much each of {@link Features} speaks for a sentence: the logit of its answering the question
 * is their weighted sum. Only differences within one context count, so there is no constant.
 *
 * <p>Fitted on every second line of the development half of Natural Questions, as contexts of 1, 5
 * and 10 passages, random and near ones, by the likelihood that the softmax over a context's
 * sentences gives to those that hold an answer; rounded to two digits. A weight of zero is a
 * feature that did not help.
 */
record Weights(double[] of) {
  static final Weights EMBEDDED =
      new Weights(new double[] {2.3, 9.4, 0.5, 5, 0, 0.8, 0.7, 3, 5.8, 0.5, 0.6, 0.6, 0});
  static final Weights LEXICAL =
      new Weights(new double[] {0, 0, 2.4, 9.3, 9, 0.9, 0.7, 3, 5.9, 0.4, 1.1, 1, 0});

  double logit(double[] features) {
    double sum = 0;
    for (int i = 0; i < of.length; i++) {
      sum += of[i] * features[i];
    }
    return sum;
  }
}
