package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.core.JacksonException;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a job is: the file {@code state.json}, which is replaced before and after every step that
 * another process could otherwise do twice.
 *
 * @param version of this file's form
 * @param job a name that no other job has
 * @param input what the caller says that it is made of, such as a hash; may be empty
 * @param cancelled whether the caller wants no more of it
 * @param released how many requests, from the first on, were sent or found to be known
 */
record JobState(
    int version,
    String job,
    String input,
    long createdMillis,
    boolean cancelled,
    int released,
    BatchEstimate estimate,
    List<Part> parts) {
  static final int VERSION = 1;
  private static final String FILE = "state.json";

  static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * {@return the state of the job in a directory}
   *
   * @throws ChatException.InvalidJob if there is none, or it cannot be read
   */
  static JobState read(Path directory) throws IOException {
    if (!exists(directory)) {
      throw new ChatException.InvalidJob("there is no batch job in " + directory);
    }
    JobState state;
    try {
      state = Json.MAPPER.readValue(directory.resolve(FILE).toFile(), JobState.class);
    } catch (JacksonException e) {
      throw new ChatException.InvalidJob(directory.resolve(FILE) + " is damaged");
    }
    if (state.version() != VERSION) {
      throw new ChatException.InvalidJob(
          directory + " is of version " + state.version() + ", not " + VERSION);
    }
    return state;
  }

  void write(Path directory) throws IOException {
    DurableFiles.replace(directory.resolve(FILE), Json.MAPPER.writeValueAsBytes(this));
  }

  JobState with(Part changed) {
    List<Part> all = new ArrayList<>(parts);
    all.set(changed.number() - 1, changed);
    return with(all, released);
  }

  JobState with(List<Part> all, int releasedNow) {
    return new JobState(
        version, job, input, createdMillis, cancelled, releasedNow, estimate, List.copyOf(all));
  }

  JobState asCancelled() {
    return new JobState(version, job, input, createdMillis, true, released, estimate, parts);
  }
}
