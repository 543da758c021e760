package dev.askonce.cli.eval;

import java.util.Map;

/**
 * What an evaluation of answers found. Shares are from 0 to 1.
 *
 * @param answers pairs of answers, free and concise
 * @param model whose tokenizer counted
 * @param all lengths of all answers
 * @param limited those to classification, extraction and factual instructions
 * @param tasks by task, as the classifier sees the instruction
 * @param lever what the cap lever does with the instructions of {@code limited}, by its settings
 * @param classified how the classifier did on labels, or null where there are none
 */
public record OutputReport(
    int answers,
    String model,
    Lengths all,
    Lengths limited,
    Map<String, Lengths> tasks,
    Map<String, LeverResult> lever,
    TaskReport classified) {
  /**
   * Of answers to instructions of one kind.
   *
   * @param savedShare output tokens that the concise answers have less, of the free ones'
   * @param shorterShare instructions whose concise answer is shorter
   * @param truncated answers longer than a limit, by the limit in tokens
   * @param termsKept names and numbers of the free answer that are in the concise one too
   * @param termsKeptByCut those that are in the free answer cut to the concise one's length
   */
  public record Lengths(
      int n,
      Tokens free,
      Tokens concise,
      double savedShare,
      double shorterShare,
      Map<Integer, Truncated> truncated,
      double termsKept,
      double termsKeptByCut) {}

  /** Of lengths in tokens. */
  public record Tokens(double mean, int p50, int p95, int p99) {}

  /** Shares of answers that a limit cuts off. */
  public record Truncated(double free, double concise) {}

  /**
   * What the lever did in several runs of several passes over the instructions.
   *
   * @param freeTokens output tokens without it
   * @param outputTokens output tokens with it, those of first tries included
   * @param savedShare what is less
   * @param claimedShare what it says itself that it saved, first tries off; 0 over HTTP, where it
   *     leaves no call alone to know
   * @param truncatedShare calls whose answer its limit cut off at the first try
   * @param passedOnShare calls whose answer reached the caller cut off
   */
  public record LeverResult(
      int calls,
      long freeTokens,
      long outputTokens,
      double savedShare,
      double claimedShare,
      double truncatedShare,
      double passedOnShare) {}
}
