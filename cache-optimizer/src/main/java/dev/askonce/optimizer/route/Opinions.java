package dev.askonce.optimizer.route;

import dev.askonce.optimizer.route.TrainingOptions.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parts of a {@link Blend}, trained on the same samples for each target. */
final class Opinions {

  private final Standardisation standardisation;
  private final List<Topics> topics;
  private final List<Neighbours> neighbours;
  private final LinearScore[] features;

  /** What each part says of one prompt, by target. */
  record Said(float[] topics, float[] neighbours, float[] features) {
    double score(TrainingOptions options) {
      int target = options.target().ordinal();
      Blend.Weights weights = options.weights();
      return weights.topics() * topics[target]
          + weights.neighbours() * neighbours[target]
          + weights.features() * features[target];
    }
  }

  /**
   * Trains.
   *
   * @param projection of these samples or of more: it knows no labels
   */
  Opinions(List<RoutingSample> samples, List<float[]> values, Projection projection, Trust trust) {
    standardisation = Standardisation.of(values);
    int n = samples.size();
    float[][] inputs = new float[n][];
    float[][] sized = new float[n][];
    float[][] joined = new float[n][];
    double[][] targets = new double[n][Target.COUNT];
    double[][] labels = new double[Target.COUNT][n];
    for (int i = 0; i < n; i++) {
      inputs[i] = standardisation.of(values.get(i));
      sized[i] = trust.sized(inputs[i]);
      joined[i] = Blend.joined(samples.get(i).vector(), inputs[i]);
      for (Target target : Target.values()) {
        targets[i][target.ordinal()] = target.of(samples.get(i));
        labels[target.ordinal()][i] = targets[i][target.ordinal()];
      }
    }
    features = new Ridge(sized, targets).solve(trust.penalty());
    Arrays.setAll(features, target -> trust.unsized(features[target]));
    topics = Topics.of(joined, samples.stream().map(RoutingSample::domain).toList(), labels);
    List<float[]> vectors = samples.stream().map(RoutingSample::vector).toList();
    neighbours = new ArrayList<>();
    for (double[] own : labels) {
      neighbours.add(Neighbours.of(projection, vectors, own));
    }
  }

  Said on(float[] values, float[] vector) {
    float[] inputs = standardisation.of(values);
    float[] joined = Blend.joined(vector, inputs);
    Said said = new Said(new float[Target.COUNT], new float[Target.COUNT], new float[Target.COUNT]);
    for (int target = 0; target < Target.COUNT; target++) {
      said.topics[target] = topics.get(target).of(joined);
      said.neighbours[target] = neighbours.get(target).of(vector);
      said.features[target] = features[target].of(inputs);
    }
    return said;
  }

  Blend blend(TrainingOptions options) {
    int target = options.target().ordinal();
    return new Blend(
        standardisation,
        topics.get(target),
        neighbours.get(target),
        features[target],
        options.weights());
  }
}
