package dev.askonce.cli.demo;

import java.io.PrintWriter;

/**
 * What a run of the shared demo came to. The names are those of its JSON form and stay.
 *
 * @param redisVersion of the first server
 * @param first the process that began
 * @param second the process that came to it
 * @param secondAlone the second's requests in a process that shared with nobody
 * @param callsSaved calls that the second did not make thanks to the first
 * @param callsSavedPct the same by the calls that it would have made, in percent
 * @param seconds duration of the run
 */
public record SharedDemoReport(
    String redisVersion,
    DemoWork first,
    DemoWork second,
    DemoWork secondAlone,
    long callsSaved,
    double callsSavedPct,
    double seconds) {

  static SharedDemoReport of(
      String redisVersion, DemoWork first, DemoWork second, DemoWork alone, double seconds) {
    long saved = alone.calls() - second.calls();
    double percent = alone.calls() == 0 ? 0 : 100.0 * saved / alone.calls();
    return new SharedDemoReport(redisVersion, first, second, alone, saved, percent, seconds);
  }

  /** Prints the report for a person. */
  public void print(PrintWriter out, String fate) {
    out.printf(
        """

          Harborline support desk on two processes that share through Redis %s, in %.1f s

          First process           %,7d questions   %,7d model calls
          Second process          %,7d questions   %,7d model calls
            without the first     %,7d questions   %,7d model calls

          Saved by sharing                            %,7d model calls, %.1f %% of the second's
          Answered by the first's answers             %,7d times
          Wrong answers                               %,7d in both; alone the second has %,d
          Another shop's answers                      %,7d
          Told by the first                           %,7d records, %,d entries taken over
          On the server                               %s

        """,
        redisVersion,
        seconds,
        first.requests(),
        first.calls(),
        second.requests(),
        second.calls(),
        secondAlone.requests(),
        secondAlone.calls(),
        callsSaved,
        callsSavedPct,
        second.hitsOnOthers(),
        first.wrongHits() + second.wrongHits(),
        secondAlone.wrongHits(),
        first.crossTenantHits() + second.crossTenantHits(),
        first.published(),
        second.entriesReceived(),
        fate);
  }
}
