package dev.askonce.cli.replay;

import dev.askonce.optimizer.audit.AuditReport;
import dev.askonce.optimizer.audit.Finding;
import java.io.PrintWriter;

/** An audit for a person. */
public final class AuditText {
  private AuditText() {}

  /** Prints an audit. */
  public static void print(AuditReport report, PrintWriter out) {
    out.printf(
        "%,d calls in %.2f days, $%,.2f a day%n",
        report.requests(), report.days(), report.usdPerDay());
    if (report.malformed() > 0) {
      out.printf("%,d lines are no calls%n", report.malformed());
    }
    if (report.passedThrough() > 0) {
      out.printf(
          "%,d calls are of other endpoints than chat completions, and not looked at%n",
          report.passedThrough());
    }
    if (!report.unpriced().isEmpty()) {
      out.printf("without a price, and so not looked at: %s%n", report.unpriced());
    }
    for (Finding finding : report.findings()) {
      out.printf(
          "%n  %s at %s: %,d calls, $%,.2f a day%n    %s%n    %s%n",
          finding.kind(),
          finding.endpoint(),
          finding.calls(),
          finding.usdPerDay(),
          finding.evidence(),
          finding.fix());
    }
  }
}
