package dev.askonce.bench.soak;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How a measure went over the samples that count: the last 80%.
 *
 * @param first at the first of them
 * @param last at the last one
 * @param mean of all of them
 * @param share what the straight line of least squares gains over them, as a share of the mean
 */
public record Growth(double first, double last, double mean, double share) {
  /** Samples at the beginning that do not count, out of so many. */
  private static final int IGNORED_ONE_OF = 5;

  static Growth of(List<Sample> samples, ToLongFunction<Sample> measure) {
    List<Sample> counted = samples.subList(samples.size() / IGNORED_ONE_OF, samples.size());
    double meanX = counted.stream().mapToLong(Sample::atPuts).average().orElseThrow();
    double meanY = counted.stream().mapToLong(measure).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Sample sample : counted) {
      double x = sample.atPuts() - meanX;
      products += x * (measure.applyAsLong(sample) - meanY);
      squares += x * x;
    }
    double slope = squares == 0 ? 0 : products / squares;
    double length = counted.getLast().atPuts() - counted.getFirst().atPuts();
    return new Growth(
        measure.applyAsLong(counted.getFirst()),
        measure.applyAsLong(counted.getLast()),
        meanY,
        meanY == 0 ? 0 : slope * length / meanY);
  }
}
