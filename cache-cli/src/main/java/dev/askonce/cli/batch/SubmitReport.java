package dev.askonce.cli.batch;

import dev.askonce.optimizer.batch.BatchEstimate;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.PrintWriter;

/**
 * What was submitted and what it is expected to cost, in dollars.
 *
 * @param state {@code planned} for a dry run
 * @param outputTokensEstimated limits of the requests, or the estimate where they have none
 * @param standardUsd all requests one by one
 * @param batchUsd all requests at the batch price
 * @param plannedUsd what is sent, at the batch price
 */
public record SubmitReport(
    String job,
    String directory,
    String state,
    int requests,
    int duplicates,
    int cached,
    int planned,
    int parts,
    long inputTokens,
    long outputTokensEstimated,
    double standardUsd,
    double batchUsd,
    double plannedUsd,
    double duplicatesSavedUsd,
    double cacheSavedUsd,
    int unpriced) {
  private static final double NANOS = 1e9;

  public static SubmitReport of(
      String directory, BatchEstimate estimate, JobStatus status, String state) {
    return new SubmitReport(
        status.job(),
        directory,
        state,
        estimate.requests(),
        estimate.duplicates(),
        estimate.cached(),
        estimate.planned(),
        status.parts().size(),
        estimate.inputTokens(),
        estimate.outputTokens(),
        estimate.standardNanoDollars() / NANOS,
        estimate.batchNanoDollars() / NANOS,
        estimate.plannedNanoDollars() / NANOS,
        estimate.duplicatesSavedNanoDollars() / NANOS,
        estimate.cacheSavedNanoDollars() / NANOS,
        estimate.unpriced());
  }

  /** Prints it for a person. */
  public void print(PrintWriter out) {
    out.printf("job %s in %s: %s%n", job, directory, state);
    out.printf(
        "%,d requests: %,d equal to another, %,d known to the cache, %,d to be sent in %,d files%n",
        requests, duplicates, cached, planned, parts);
    out.printf("estimated cost, one by one        $%,.2f%n", standardUsd);
    out.printf("estimated cost, in a batch        $%,.2f%n", batchUsd);
    out.printf("  not asked twice                -$%,.2f%n", duplicatesSavedUsd);
    out.printf("  answered by the cache          -$%,.2f%n", cacheSavedUsd);
    out.printf("estimated cost of this job        $%,.2f%n", plannedUsd);
    if (unpriced > 0) {
      out.printf("%,d requests are of a model without a price and in no sum%n", unpriced);
    }
  }
}
