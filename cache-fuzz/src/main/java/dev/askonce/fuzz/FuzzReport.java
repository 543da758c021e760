package dev.askonce.fuzz;

import java.util.List;

/**
 * What a campaign came to.
 *
 * @param executions of all targets together
 * @param findings of all targets together
 */
public record FuzzReport(
    long executions, long findings, double seconds, long seed, List<TargetReport> targets) {
  static FuzzReport of(List<TargetReport> targets, double seconds, long seed) {
    return new FuzzReport(
        targets.stream().mapToLong(TargetReport::executions).sum(),
        targets.stream().mapToLong(target -> target.findings().size()).sum(),
        seconds,
        seed,
        targets);
  }

  /** Whether nothing was found. */
  public boolean sound() {
    return findings == 0;
  }
}
