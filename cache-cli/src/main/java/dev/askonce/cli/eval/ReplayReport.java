package dev.askonce.cli.eval;

import java.util.Map;

/**
 * What each preset did with the same traffic.
 *
 * @param presets by name
 * @param cosine plain cosine at the threshold
 */
public record ReplayReport(long requests, Map<String, Result> presets, Result cosine) {
  /**
   * What one policy did.
   *
   * @param exactHits repeats, word for word
   * @param wrongHits hits whose answer belongs to another {@code answerId} than the request's
   * @param wrongHitRate share of the hits
   * @param refusedBy candidates by reason code
   */
  public record Result(
      long requests,
      long hits,
      double hitRate,
      long exactHits,
      long semanticHits,
      long wrongHits,
      double wrongHitRate,
      Map<String, Long> refusedBy) {}
}
