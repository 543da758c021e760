package dev.askonce.optimizer.batch;

/**
 * One file of a job's requests and how far it got. Strings are empty for what is not known yet.
 *
 * <pre>
 *   PLANNED ─▶ UPLOADING ─▶ UPLOADED ─▶ CREATING ─▶ SUBMITTED ─▶ COLLECTED
 *                  │                        │
 *                  killed here: the file    killed here: the batch is looked for by its labels,
 *                  is looked for by name    once it must be listed, and adopted or created
 * </pre>
 *
 * @param number from 1; a retry is a part of its own
 * @param attempt from 1
 * @param atMillis when the stage began, or the earliest time of the next try after a refusal
 * @param refusals how often the provider did not take it
 * @param status the provider's word
 */
record Part(
    int number,
    int attempt,
    String model,
    int lines,
    Stage stage,
    long atMillis,
    int refusals,
    String fileId,
    String batchId,
    String status,
    long completed,
    long failed,
    String problem) {
  /** How far a part is. */
  enum Stage {
    PLANNED,
    UPLOADING,
    UPLOADED,
    CREATING,
    SUBMITTED,
    /** Its results are kept. */
    COLLECTED,
    /** Cancelled before it was submitted, or refused for good. */
    DROPPED
  }

  static Part planned(int number, int attempt, String model, int lines) {
    return new Part(number, attempt, model, lines, Stage.PLANNED, 0, 0, "", "", "", 0, 0, "");
  }

  boolean open() {
    return stage != Stage.COLLECTED && stage != Stage.DROPPED;
  }

  Part at(Stage next, long millis) {
    return new Part(
        number, attempt, model, lines, next, millis, refusals, fileId, batchId, status, completed,
        failed, problem);
  }

  Part uploaded(String file, long millis) {
    return new Part(
        number,
        attempt,
        model,
        lines,
        Stage.UPLOADED,
        millis,
        refusals,
        file,
        "",
        "",
        0,
        0,
        problem);
  }

  Part submitted(RemoteBatch batch, long millis) {
    return at(Stage.SUBMITTED, millis).seen(batch);
  }

  Part seen(RemoteBatch batch) {
    return new Part(
        number,
        attempt,
        model,
        lines,
        stage,
        atMillis,
        refusals,
        fileId,
        batch.id(),
        batch.status().label(),
        batch.completed(),
        batch.failed(),
        batch.problems().isEmpty() ? "" : batch.problems().get(0).code());
  }

  /** {@return this part back where it began, to be tried again later} */
  Part refused(String why, long notBeforeMillis) {
    return new Part(
        number,
        attempt,
        model,
        lines,
        Stage.PLANNED,
        notBeforeMillis,
        refusals + 1,
        "",
        "",
        "",
        0,
        0,
        why);
  }
}
