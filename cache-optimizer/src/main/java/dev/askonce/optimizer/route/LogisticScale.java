package dev.askonce.optimizer.route;

/** A score as a probability: the logistic function of a line (Platt 1999) that never falls. */
record LogisticScale(double slope, double intercept) {
  private static final int STEPS = 50;

  /* Keeps the slope finite where scores and outcomes part cleanly, and above zero where they do not
   * agree at all: the order of scores is never turned round. */
  private static final double SLOPE_PENALTY = 1e-3;
  private static final double SLOPE_MIN = 1e-3;

  double of(double score) {
    return 1 / (1 + Math.exp(-(slope * score + intercept)));
  }

  /**
   * {@return the line of the highest likelihood, by Newton's steps}
   *
   * @param outcomes shares, 0 to 1
   */
  static LogisticScale fit(double[] scores, double[] outcomes) {
    double mean = 0;
    double square = 0;
    for (double score : scores) {
      mean += score / scores.length;
      square += score * score / scores.length;
    }
    double deviation = Math.sqrt(Math.max(1e-12, square - mean * mean));
    double a = 0;
    double b = 0;
    for (int step = 0; step < STEPS; step++) {
      double ga = SLOPE_PENALTY * a;
      double gb = 0;
      double haa = SLOPE_PENALTY;
      double hab = 0;
      double hbb = 1e-9;
      for (int i = 0; i < scores.length; i++) {
        double x = (scores[i] - mean) / deviation;
        double p = 1 / (1 + Math.exp(-(a * x + b)));
        double weight = p * (1 - p) / scores.length;
        ga += (p - outcomes[i]) * x / scores.length;
        gb += (p - outcomes[i]) / scores.length;
        haa += weight * x * x;
        hab += weight * x;
        hbb += weight;
      }
      double determinant = haa * hbb - hab * hab;
      a = Math.clamp(a - (ga * hbb - gb * hab) / determinant, -20, 20);
      b = Math.clamp(b - (gb * haa - ga * hab) / determinant, -20, 20);
    }
    a = Math.max(a, SLOPE_MIN);
    return new LogisticScale(a / deviation, b - a * mean / deviation);
  }
}
