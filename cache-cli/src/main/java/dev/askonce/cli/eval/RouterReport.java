package dev.askonce.cli.eval;

import dev.askonce.optimizer.route.RoutingCurve;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation of a router found. Shares and qualities are from 0 to 1.
 *
 * @param router which model judged: {@code shipped}, {@code trained} or {@code cross validated}
 * @param shareCheapAtLoss by relative loss of quality against the strong model for all: the largest
 *     share that the weak model may take
 * @param apgr average performance gap recovered; null where the strong model is no better
 * @param intervals from 2.5% to 97.5% of bootstrap resamples of the rows
 * @param routeStability share of the knowledge base's paraphrases that get the route of their
 *     question, the questions being known to the router's memory, on average over thresholds that
 *     send 40 to 60% to the weak model
 * @param routeStabilityWithoutMemory the same of the classifier alone
 * @param apgrWithMemory of these rows, asked in their order of a router whose memory was empty
 */
public record RouterReport(
    int n,
    String weakModel,
    String strongModel,
    String router,
    int trainedOn,
    double weakAccuracy,
    double strongAccuracy,
    List<RoutingCurve.Point> curve,
    Map<String, Double> shareCheapAtLoss,
    Double apgr,
    Intervals intervals,
    Map<String, Baseline> baselines,
    double routeStability,
    double routeStabilityWithoutMemory,
    Double apgrWithMemory) {
  /** What a rule without a router reaches. */
  public record Baseline(Map<String, Double> shareCheapAtLoss, Double apgr) {}

  /** Lower and upper ends. */
  public record Intervals(Map<String, double[]> shareCheapAtLoss, double[] apgr) {}
}
