package dev.askonce.cli.eval;

import dev.askonce.optimizer.route.RoutingSample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rule that knows a prompt's domain, and the mean gain there, and nothing else. */
final class DomainTable {
  private final Map<String, double[]> sumAndCount = new HashMap<>();
  private double sum;
  private int count;

  private DomainTable(List<RoutingSample> samples) {
    for (RoutingSample sample : samples) {
      double[] own = sumAndCount.computeIfAbsent(sample.domain(), key -> new double[2]);
      own[0] += sample.gain();
      own[1]++;
      sum += sample.gain();
      count++;
    }
  }

  private double gain(String domain) {
    double[] own = sumAndCount.get(domain);
    return own == null ? (count == 0 ? 0 : sum / count) : own[0] / own[1];
  }

  /**
   * {@return the gain of each sample's domain, by other samples}
   *
   * @param training those; where there are none, the other half, by a hash of the text
   */
  static double[] outOfSample(List<RoutingSample> samples, Optional<List<RoutingSample>> training) {
    DomainTable[] tables = new DomainTable[2];
    for (int half = 0; half < 2; half++) {
      tables[half] = new DomainTable(training.isPresent() ? training.get() : half(samples, half));
    }
    double[] gains = new double[samples.size()];
    for (int i = 0; i < gains.length; i++) {
      RoutingSample sample = samples.get(i);
      gains[i] = tables[1 - halfOf(sample)].gain(sample.domain());
    }
    return gains;
  }

  private static List<RoutingSample> half(List<RoutingSample> samples, int half) {
    List<RoutingSample> members = new ArrayList<>();
    for (RoutingSample sample : samples) {
      if (halfOf(sample) == half) {
        members.add(sample);
      }
    }
    return members;
  }

  private static int halfOf(RoutingSample sample) {
    int hash = sample.prompt().text().hashCode();
    return (hash ^ hash >>> 16) & 1;
  }
}
