package dev.askonce.optimizer.batch;

import java.util.List;
import java.util.Optional;

/**
 * How far a job is. Requests count once each, equal ones too.
 *
 * @param job its name
 * @param state the whole in a word
 * @param requests all of them
 * @param answered requests with an answer
 * @param failed requests that will have none
 * @param pending all others
 * @param parts its files, in the order they were planned
 * @param trouble what the provider said instead of doing what it was asked, the last time
 */
public record JobStatus(
    String job,
    State state,
    int requests,
    int answered,
    int failed,
    int pending,
    List<PartStatus> parts,
    Optional<String> trouble) {
  /** A job in a word. */
  public enum State {
    /** Something is not at the provider yet. */
    SUBMITTING,
    /** Everything is at the provider, something is open there. */
    RUNNING,
    /** Nothing more will happen. */
    DONE,
    /** The same, and the caller had wanted it so. */
    CANCELLED
  }

  /**
   * One file of the job.
   *
   * @param stage how far it is on our side, such as {@code submitted}
   * @param status the provider's word, or empty
   * @param completed requests answered so far, by the provider's count
   */
  public record PartStatus(
      int number,
      int attempt,
      String model,
      int lines,
      String stage,
      String batchId,
      String status,
      long completed,
      long failed,
      String problem) {}

  public boolean isOver() {
    return state == State.DONE || state == State.CANCELLED;
  }
}
