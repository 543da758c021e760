package dev.askonce.cli.demo;

import java.io.PrintWriter;

/**
 * What a run of the demo came to. The names are those of its JSON form and stay.
 *
 * @param requests questions asked
 * @param exactHits answered without embedding: scope and words were seen before
 * @param semanticHits answered by similarity
 * @param misses answered by the model
 * @param hitRate hits by requests
 * @param wrongHits hits whose answer is not the asked question's own
 * @param wrongHitRate wrong hits by hits
 * @param crossTenantHits hits on another tenant's answer
 * @param hitsAfterRestart hits on entries stored before the cache was closed and opened again
 * @param lookupMicros engine time of a lookup, without the embedder
 * @param embedMillis time in the embedder
 * @param spentUsd what the model calls cost
 * @param baselineUsd what every request on GPT-4o would have cost at the article's prices
 * @param savedPct saved by baseline, in percent
 * @param entries live entries at the end
 * @param bytesOnDisk length of the store's files at the end
 * @param reopenMillis time from the call of open until the reopened cache could answer
 * @param seconds duration of the run
 */
public record DemoReport(
    long requests,
    long exactHits,
    long semanticHits,
    long misses,
    double hitRate,
    long wrongHits,
    double wrongHitRate,
    long crossTenantHits,
    long hitsAfterRestart,
    Percentiles lookupMicros,
    EmbedPercentiles embedMillis,
    double spentUsd,
    double baselineUsd,
    double savedPct,
    long entries,
    long bytesOnDisk,
    double reopenMillis,
    double seconds) {
  /** Of lookups, in microseconds. */
  public record Percentiles(double p50, double p99, double p999, double max) {}

  /** Of embeddings, in milliseconds. */
  public record EmbedPercentiles(double p50, double p99) {}

  /** Prints the report for a person. */
  public void print(PrintWriter out, String store) {
    long hits = exactHits + semanticHits;
    out.printf(
        """

          Harborline support desk: %,d questions from the staff of three shops in %.1f s

          Answered from the cache   %,7d   %5.1f %%   %s
            the same words          %,7d   %5.1f %%   nothing was embedded
            other words             %,7d   %5.1f %%   no guard objects, the verifier agrees
          Answered by the model     %,7d   %5.1f %%

          Wrong answers             %,7d   %5.2f %% of the hits
          Another shop's answers    %,7d
          Hits from before restart  %,7d   reopened in %.0f ms

          Spent                  $%9.4f
          Without the cache      $%9.4f   every request on gpt-4o at $5 and $15 a million tokens
          Saved                   %8.1f %%

          Lookup, verifier included  p50 %,.0f µs   p99 %,.0f µs   p99.9 %,.0f µs   max %,.0f µs
          Embedding                  p50 %,.1f ms   p99 %,.1f ms
          Store                      %,d entries, %,.1f MB in %s

        """,
        requests,
        seconds,
        hits,
        percent(hits),
        "#".repeat((int) Math.round(percent(hits) / 4)),
        exactHits,
        percent(exactHits),
        semanticHits,
        percent(semanticHits),
        misses,
        percent(misses),
        wrongHits,
        100 * wrongHitRate,
        crossTenantHits,
        hitsAfterRestart,
        reopenMillis,
        spentUsd,
        baselineUsd,
        savedPct,
        lookupMicros.p50,
        lookupMicros.p99,
        lookupMicros.p999,
        lookupMicros.max,
        embedMillis.p50,
        embedMillis.p99,
        entries,
        bytesOnDisk / 1e6,
        store);
    if (wrongHits > 0) {
      out.println(
          "  Guards and verifier do not tell every near miss from a paraphrase: the wrong answers"
              + " above are real.");
      out.println();
    }
  }

  private double percent(long count) {
    return requests == 0 ? 0 : 100.0 * count / requests;
  }
}
