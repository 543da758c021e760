package dev.askonce.cli.batch;

import java.io.PrintWriter;

/**
 * What a job of documents costs one by one, in a batch, and in a batch that asks nothing twice, by
 * the usage that the provider reported.
 *
 * @param inputTokens of each document
 * @param outputTokens of each answer
 * @param standardUsd one by one
 * @param paidUsd as a batch, no document being there twice
 * @param duplicates documents that are equal to another, in the second job
 * @param paidWithDuplicatesUsd as a batch with those
 */
public record BatchEvalReport(
    int documents,
    long inputTokens,
    long outputTokens,
    double standardUsd,
    double paidUsd,
    int duplicates,
    double paidWithDuplicatesUsd,
    int answered) {

  /** Prints it for a person. */
  public void print(PrintWriter out) {
    out.printf(
        "%,d documents of %,d tokens in and %,d out, gpt-4o%n",
        documents, inputTokens, outputTokens);
    out.printf("one by one                        $%,.2f%n", standardUsd);
    out.printf("as a batch                        $%,.2f%n", paidUsd);
    out.printf("as a batch, %,d of them equal    $%,.2f%n", duplicates, paidWithDuplicatesUsd);
  }
}
