package dev.askonce.cli.eval;

import java.util.List;
import java.util.Map;

/**
 * How much shorter contexts became, against how many of them kept an answer.
 *
 * @param n contexts that hold an answer
 * @param tokensBefore of all of them, titles too
 * @param curve of the selector by evidence: a plain question keeps little, a vague one much
 * @param curveBySize of the selector where every context keeps the same share
 * @param ratioAtKept the greatest ratio, by evidence, at which this share of answers is kept
 * @param ratioAtKeptBySize the same where every context keeps the same share
 * @param baselines by name: {@code truncation}, {@code random}, {@code bm25}
 * @param millisPer1kTokens time of scoring, embedding included, on all threads of the embedder
 */
public record CompressReport(
    int n,
    long tokensBefore,
    List<Point> curve,
    Map<String, Double> ratioAtKept,
    List<Point> curveBySize,
    Map<String, Double> ratioAtKeptBySize,
    Map<String, Baseline> baselines,
    double millisPer1kTokens) {
  /**
   * One setting.
   *
   * @param ratio tokens before by tokens after
   * @param kept share of contexts that still hold an answer
   * @param setting the evidence or the share of the tokens that was asked for
   */
  public record Point(double ratio, double kept, double setting) {}

  /** What another way of choosing reaches. */
  public record Baseline(Map<String, Double> ratioAtKept, List<Point> curve) {}
}
