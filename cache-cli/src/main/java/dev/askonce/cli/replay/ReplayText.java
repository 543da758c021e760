package dev.askonce.cli.replay;

import dev.askonce.optimizer.replay.ReplayReport;
import java.io.PrintWriter;

/** Reports for a person. */
public final class ReplayText {
  private ReplayText() {}

  /** Prints a replay. */
  public static void print(ReplayReport report, PrintWriter out) {
    out.printf(
        "%,d calls in %.2f days, %s to %s%n%n",
        report.requests(), report.days(), report.from(), report.to());
    out.printf(
        "  as logged        $%,12.2f   $%,10.2f a day%n",
        report.baselineUsd(), perDay(report, report.baselineUsd()));
    out.printf(
        "  with all levers  $%,12.2f   $%,10.2f a day%n",
        report.actualUsd(), perDay(report, report.actualUsd()));
    out.printf("  saved            %12.1f %%%n%n", report.savedPct());
    out.printf("  %-10s %22s %22s %10s%n", "lever", "alone", "after those above", "calls");
    report
        .levers()
        .forEach(
            (name, saving) ->
                out.printf(
                    "  %-10s $%,12.2f %6.1f %% $%,12.2f %6.1f %% %,10d%n",
                    name,
                    saving.alone(),
                    saving.alonePct(),
                    saving.together(),
                    saving.togetherPct(),
                    saving.calls()));
    ReplayReport.CacheUse cache = report.cache();
    out.printf(
        "%n  cache: %,d hits (%.1f %%), %,d of the same words, %,d by similarity; %,d with another"
            + " answer than the logged one%n",
        cache.hits(),
        100 * cache.hitRate(),
        cache.exactHits(),
        cache.semanticHits(),
        cache.otherAnswers());
    out.printf(
        "  route: %.1f %% of the other calls to a cheaper model %s%n%n",
        100 * report.route().budgetShare(), report.route().models());
    if (report.cap().cutShort() > 0) {
      out.printf(
          "  cap: %,d answers cut off; if each is asked for anew, the limits save $%,.2f%n%n",
          report.cap().cutShort(), report.cap().togetherAskedAgainUsd());
    }
    out.println("  what costs most");
    for (ReplayReport.Driver driver : report.topDrivers()) {
      out.printf(
          "  %-20s %-20s $%,12.2f   $%,10.2f a day %6.1f %%%n",
          driver.endpoint(),
          driver.model(),
          driver.usd(),
          driver.usdPerDay(),
          100 * driver.share());
    }
    printSensitivity(report, out);
    printSkipped(report.skipped(), out);
    printList("Measured", report.measured(), out);
    printList("Assumed", report.assumed(), out);
  }

  private static double perDay(ReplayReport report, double usd) {
    return usd / report.days();
  }

  private static void printSensitivity(ReplayReport report, PrintWriter out) {
    if (report.sensitivity().isEmpty()) {
      return;
    }
    out.printf(
        "%n  saved in %%, by hit rate (down) and share of the other calls on the budget model%n");
    double[] shares =
        report.sensitivity().stream()
            .mapToDouble(ReplayReport.Sensitivity::cheapShare)
            .distinct()
            .toArray();
    out.printf("  %8s", "");
    for (double share : shares) {
      out.printf(" %6.0f %%", 100 * share);
    }
    double row = -1;
    for (ReplayReport.Sensitivity each : report.sensitivity()) {
      if (each.hitRate() != row) {
        row = each.hitRate();
        out.printf("%n  %6.0f %%", 100 * row);
      }
      out.printf(" %8.1f", each.savedPct());
    }
    out.println();
  }

  private static void printSkipped(ReplayReport.Skipped skipped, PrintWriter out) {
    out.println();
    if (skipped.malformed() > 0) {
      out.printf(
          "  %,d lines are no calls: line %s%s%n",
          skipped.malformed(),
          skipped.malformedLines().toString().replaceAll("[\\[\\]]", ""),
          skipped.malformedLines().size() < skipped.malformed() ? ", …" : "");
    }
    if (skipped.passedThrough() > 0) {
      out.printf(
          "  %,d calls are of other endpoints than chat completions; no lever knows those%n",
          skipped.passedThrough());
    }
    if (skipped.failed() > 0) {
      out.printf("  %,d calls had no answer and cost nothing%n", skipped.failed());
    }
    if (skipped.outOfOrder() > 0) {
      out.printf("  %,d calls were made before the one above them%n", skipped.outOfOrder());
    }
    if (skipped.estimated() > 0) {
      out.printf("  %,d calls have no usage; their tokens were counted%n", skipped.estimated());
    }
    if (skipped.withoutTexts() > 0) {
      out.printf(
          "  %,d calls have hashes for texts: only equal ones hit, and only the batch price"
              + " applies%n",
          skipped.withoutTexts());
    }
    if (!skipped.unpriced().isEmpty()) {
      out.printf("  without a price, and so without money: %s%n", skipped.unpriced());
    }
  }

  private static void printList(String heading, Iterable<String> sentences, PrintWriter out) {
    out.printf("%n  %s%n", heading);
    for (String sentence : sentences) {
      out.printf("  - %s%n", sentence);
    }
  }

  /** Prints a replay of calls that were made up. */
  public static void print(SyntheticReport report, PrintWriter out) {
    print(report.replay(), out);
    out.printf("%n  saved where only a part of the money is spent on knowledge-base questions%n");
    for (SyntheticReport.Mix mix : report.mixes()) {
      out.printf("  %6.0f %% %8.1f %%%n", 100 * mix.knowledgeBaseShare(), mix.savedPct());
    }
    SyntheticReport.AtPrices other = report.atProviderPrices();
    out.printf(
        "%n  with gpt-4o at $2.50 and $10: $%,.2f becomes $%,.2f, %.1f %% saved%n",
        other.baselineUsd(), other.actualUsd(), other.savedPct());
    if (!report.arithmetic().isEmpty()) {
      out.printf("%n  the article's arithmetic%n");
      for (Claim claim : report.arithmetic()) {
        out.printf(
            "  - %s: %s in the article, %s by its prices%n      %s%n",
            claim.what(), claim.article(), claim.computed(), claim.how());
      }
    }
  }
}
