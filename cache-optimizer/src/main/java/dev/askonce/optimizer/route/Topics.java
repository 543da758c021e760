package dev.askonce.optimizer.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a prompt is about, by a linear score for each domain that the training data name, and what
 * the label is there on average. Knows no domains where the data name none.
 *
 * @param scores of the domains
 * @param labels the mean label of each
 */
record Topics(LinearScore[] scores, float[] labels) {
  private static final double PENALTY = 300;

  /** Least squares give scores near 0 and 1; a twentieth apart is a difference. */
  private static final double TEMPERATURE = 0.05;

  /** A domain's mean is drawn to the mean of all as by this many samples of that. */
  private static final double PRIOR_SAMPLES = 20;

  private static final int DOMAIN_SAMPLES_MIN = 20;

  /**
   * {@return the topics for each list of labels}
   *
   * @param labels by list and sample
   */
  static List<Topics> of(float[][] inputs, List<String> domains, double[][] labels) {
    Map<String, List<Integer>> members = new TreeMap<>();
    for (int i = 0; i < inputs.length; i++) {
      if (!domains.get(i).isEmpty()) {
        members.computeIfAbsent(domains.get(i), key -> new ArrayList<>()).add(i);
      }
    }
    members.values().removeIf(list -> list.size() < DOMAIN_SAMPLES_MIN);
    LinearScore[] scores = new LinearScore[0];
    if (members.size() < 2) {
      members.clear();
    } else {
      double[][] targets = new double[inputs.length][members.size()];
      int topic = 0;
      for (List<Integer> list : members.values()) {
        for (int i : list) {
          targets[i][topic] = 1;
        }
        topic++;
      }
      scores = new Ridge(inputs, targets).solve(PENALTY);
    }
    List<Topics> topics = new ArrayList<>();
    for (double[] own : labels) {
      topics.add(new Topics(scores, means(members.values(), own)));
    }
    return topics;
  }

  private static float[] means(Collection<List<Integer>> members, double[] labels) {
    double mean = Arrays.stream(labels).average().orElseThrow();
    float[] means = new float[members.size()];
    int topic = 0;
    for (List<Integer> list : members) {
      double sum = PRIOR_SAMPLES * mean;
      for (int i : list) {
        sum += labels[i];
      }
      means[topic++] = (float) (sum / (list.size() + PRIOR_SAMPLES));
    }
    return means;
  }

  /** {@return the mean label over the domains, by how probable each is; 0 without domains} */
  float of(float[] inputs) {
    double[] each = new double[scores.length];
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < each.length; i++) {
      each[i] = scores[i].of(inputs) / TEMPERATURE;
      highest = Math.max(highest, each[i]);
    }
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < each.length; i++) {
      double weight = Math.exp(each[i] - highest);
      sum += weight * labels[i];
      weights += weight;
    }
    return weights == 0 ? 0 : (float) (sum / weights);
  }
}
