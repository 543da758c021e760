package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.batch.Part.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Brings a part to the provider. What is about to be done is saved first, so that after a crash it
 * is looked for before it is done again. Not thread-safe.
 */
final class PartSteps {
  /** Keeps a part's stage on the disk. */
  interface Saver {
    void save(Part part) throws IOException;
  }

  /** A batch that was created may be listed some time later, and the provider's clock be behind. */
  private static final Duration LISTED_SINCE = Duration.ofHours(1);

  private static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);
  private static final int REFUSED_PAUSE_DOUBLINGS = 6;

  private final BatchApi api;
  private final Path directory;
  private final String job;
  private final Instant created;
  private final Duration settleTime;
  private final InstantSource clock;
  private final Saver saver;

  PartSteps(
      BatchApi api,
      Path directory,
      JobState state,
      Duration settleTime,
      InstantSource clock,
      Saver saver) {
    this.api = api;
    this.directory = directory;
    this.job = state.job();
    this.created = Instant.ofEpochMilli(state.createdMillis());
    this.settleTime = settleTime;
    this.clock = clock;
    this.saver = saver;
  }

  /**
   * Does what can be done now, up to {@link Stage#SUBMITTED}.
   *
   * @throws IOException if the provider did not do it; the part is at a stage from which to go on
   */
  void submit(Part part, boolean cancelled) throws IOException {
    Part now = part;
    if (now.stage() == Stage.CREATING) {
      now = reconcile(now);
    }
    boolean due = clock.millis() >= now.atMillis() || now.stage() == Stage.UPLOADING;
    if (cancelled && now.stage().compareTo(Stage.CREATING) < 0) {
      saver.save(now.at(Stage.DROPPED, clock.millis()));
      return;
    }
    if (!due) {
      return;
    }
    if (now.stage() == Stage.PLANNED || now.stage() == Stage.UPLOADING) {
      now = upload(now);
    }
    if (now.stage() == Stage.UPLOADED) {
      create(now);
    }
  }

  private Part upload(Part part) throws IOException {
    String name = "askonce-" + job + "-" + part.number() + ".jsonl";
    boolean maybeThere = part.stage() == Stage.UPLOADING;
    Part uploading = save(part.at(Stage.UPLOADING, clock.millis()));
    try {
      Path file = PartPlanner.file(directory, part.number());
      String known = maybeThere ? api.findFile(name).orElse("") : "";
      String id = known.isEmpty() ? api.upload(name, file) : known;
      return save(uploading.uploaded(id, clock.millis()));
    } catch (BatchRefusal e) {
      save(uploading.refused(e.getMessage(), later(part.refusals())));
      throw e;
    }
  }

  private void create(Part part) throws IOException {
    Part creating = save(part.at(Stage.CREATING, clock.millis()));
    try {
      RemoteBatch batch = api.create(part.fileId(), labels(part));
      save(creating.submitted(batch, clock.millis()));
    } catch (BatchRefusal e) {
      if (e.isFinal()) {
        save(creating.refused(e.getMessage(), later(part.refusals())));
      } else if (e.isDefinite()) {
        boolean busy = e.status() == BatchRefusal.TOO_MANY_REQUESTS;
        save(creating.at(Stage.UPLOADED, busy ? later(0) : clock.millis()));
      }
      throw e;
    }
  }

  /**
   * {@return the part whose batch may or may not exist, as submitted if it does} Whoever was killed
   * between asking for a batch and noting its id, or whose connection broke there, comes here.
   */
  private Part reconcile(Part part) throws IOException {
    if (clock.millis() < part.atMillis() + settleTime.toMillis()) {
      return part;
    }
    List<RemoteBatch> found = api.find(labels(part), created.minus(LISTED_SINCE));
    if (found.isEmpty()) {
      return save(part.at(Stage.UPLOADED, clock.millis()));
    }
    for (RemoteBatch second : found.subList(1, found.size())) {
      if (!second.status().isEnd()) {
        api.cancel(second.id());
      }
    }
    return save(part.submitted(found.get(0), clock.millis()));
  }

  private Map<String, String> labels(Part part) {
    return Map.of(
        "askonce_job",
        job,
        "askonce_part",
        Integer.toString(part.number()),
        // A batch that was not accepted keeps its labels.
        "askonce_try",
        Integer.toString(part.refusals()));
  }

  /** {@return when to try again, in milliseconds: later the more often it was refused} */
  long later(int refusals) {
    long pause = REFUSED_PAUSE.toMillis() << Math.min(refusals, REFUSED_PAUSE_DOUBLINGS);
    return clock.millis() + pause;
  }

  private Part save(Part part) throws IOException {
    saver.save(part);
    return part;
  }
}
