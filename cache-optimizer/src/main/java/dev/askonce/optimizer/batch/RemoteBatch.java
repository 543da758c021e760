package dev.askonce.optimizer.batch;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A batch as its provider describes it.
 *
 * @param outputFileId results, where there are any
 * @param errorFileId requests that failed or were not reached, where there are any
 * @param completed requests answered so far
 * @param failed requests that failed so far
 * @param problems why the provider did not accept the batch; empty if it did
 * @param labels metadata
 */
public record RemoteBatch(
    String id,
    Status status,
    Optional<String> outputFileId,
    Optional<String> errorFileId,
    long completed,
    long failed,
    List<Problem> problems,
    Map<String, String> labels) {

  /** How far a batch is. */
  public enum Status {
    VALIDATING,
    FAILED,
    IN_PROGRESS,
    FINALIZING,
    COMPLETED,
    EXPIRED,
    CANCELLING,
    CANCELLED;

    /** {@return the status of a provider's word; one that is not known counts as in progress} */
    public static Status of(String word) {
      for (Status status : values()) {
        if (status.label().equals(word.toLowerCase(Locale.ROOT))) {
          return status;
        }
      }
      return IN_PROGRESS;
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether nothing more will happen} */
    public boolean isEnd() {
      return this == FAILED || this == COMPLETED || this == EXPIRED || this == CANCELLED;
    }
  }

  /**
   * What was wrong with a file.
   *
   * @param line number from 1; 0 for the whole file
   */
  public record Problem(String code, String message, int line) {}
}
