package dev.askonce.cli.batch;

import dev.askonce.optimizer.batch.JobBill;
import dev.askonce.optimizer.batch.JobStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * How far a job is and what it cost so far, in dollars.
 *
 * @param trouble what the provider said instead of doing what it was asked; null without any
 * @param standardUsd all answered requests one by one
 * @param paidUsd what the provider answered, at the batch price
 * @param written lines of results written; null where none were asked for
 */
public record StatusReport(
    String job,
    String directory,
    String state,
    int requests,
    int answered,
    int failed,
    int pending,
    String trouble,
    double standardUsd,
    double paidUsd,
    double savedUsd,
    int unpriced,
    Integer written,
    List<JobStatus.PartStatus> parts) {
  private static final double NANOS = 1e9;

  public static StatusReport of(String directory, JobStatus status, JobBill bill, Integer written) {
    return new StatusReport(
        status.job(),
        directory,
        status.state().name().toLowerCase(Locale.ROOT),
        status.requests(),
        status.answered(),
        status.failed(),
        status.pending(),
        status.trouble().orElse(null),
        bill.baselineNanoDollars() / NANOS,
        bill.paidNanoDollars() / NANOS,
        (bill.baselineNanoDollars() - bill.paidNanoDollars()) / NANOS,
        bill.unpriced(),
        written,
        status.parts());
  }

  /** Prints it for a person. */
  public void print(PrintWriter out) {
    out.printf(
        "job %s: %s; of %,d requests %,d answered, %,d failed, %,d open%n",
        job, state, requests, answered, failed, pending);
    for (JobStatus.PartStatus part : parts) {
      out.printf(
          "  file %d, try %d, %s: %,d requests, %s%s%s%n",
          part.number(),
          part.attempt(),
          part.model(),
          part.lines(),
          part.stage(),
          part.batchId().isEmpty() ? "" : ", " + part.batchId() + " " + part.status(),
          part.problem().isEmpty() ? "" : ": " + part.problem());
    }
    out.printf("one by one $%,.4f, paid $%,.4f, saved $%,.4f%n", standardUsd, paidUsd, savedUsd);
    if (trouble != null) {
      out.printf("the provider said: %s%n", trouble.replace('\n', ' '));
    }
    if (written != null) {
      out.printf("%,d results written%n", written);
    }
  }
}
