package dev.askonce.optimizer.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A provider's batch service: files of requests in, files of results out, at a lower price and
 * within a day.
 *
 * <p>Threading: called by many threads at once. An error status is a {@link BatchRefusal}; any
 * other {@link IOException} leaves open whether the provider did what it was asked.
 */
public interface BatchApi {
  /** {@return whether a chat request to this URL may be asked here instead} */
  boolean serves(String url);

  /** {@return the path that each line of a file names} */
  default String requestPath() {
    return "/v1/chat/completions";
  }

  /** {@return the id of a file that was uploaded under this name, if there is one} */
  Optional<String> findFile(String name) throws IOException;

  /** {@return the id of the new file} */
  String upload(String name, Path lines) throws IOException;

  /**
   * Starts a batch. Never tried again by the implementation, since a second try may be a second
   * batch.
   *
   * @param labels metadata to find it again by
   */
  RemoteBatch create(String fileId, Map<String, String> labels) throws IOException;

  /** {@return the batches since a time that have these labels, oldest first} */
  List<RemoteBatch> find(Map<String, String> labels, Instant since) throws IOException;

  RemoteBatch retrieve(String batchId) throws IOException;

  /** {@return the batch, which may take minutes to stop and keeps what is done} */
  RemoteBatch cancel(String batchId) throws IOException;

  /** {@return the bytes of a file} The caller closes them. */
  InputStream content(String fileId) throws IOException;
}
