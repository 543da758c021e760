package dev.askonce.optimizer.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Prompts of two subjects; the weak model fails at most of one, the strong one at few of any. */
final class Samples {
  static final String EASY = "weather";
  static final String HARD = "topology";

  private Samples() {}

  static List<RoutingSample> of(int count, long seed) {
    Random random = new Random(seed);
    List<RoutingSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean hard = random.nextBoolean();
      String text = text(hard, random);
      boolean weak = random.nextDouble() < (hard ? 0.3 : 0.95);
      boolean strong = random.nextDouble() < 0.95;
      samples.add(
          new RoutingSample(
              Prompt.of(text),
              WordEmbedder.vector(text),
              hard ? HARD : EASY,
              weak ? 1 : 0,
              strong ? 1 : 0));
    }
    return samples;
  }

  static String text(boolean hard, Random random) {
    return (hard ? "topology manifold homology " : "weather rain sunshine ")
        + Long.toString(random.nextLong() >>> 1, 36)
        + " question";
  }
}
