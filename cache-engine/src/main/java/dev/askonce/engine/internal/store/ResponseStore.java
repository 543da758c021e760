package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Where answers and prompt cards lie: opaque frames by entry id. What comes back is verified by the
 * caller; this store may lose frames and says nothing about their content.
 *
 * <p>Threading: any thread, virtual ones included. No method throws for trouble of the disk.
 */
public interface ResponseStore extends AutoCloseable {
  /** Result of {@link #put} where there is no room. */
  int REFUSED = -1;

  /** Makes the store of a directory's answers: Chronicle Map's, or that of a test or a campaign. */
  interface Factory {
    /**
     * Opens it, and creates it where there is none.
     *
     * @param clean whether it was closed in order
     */
    ResponseStore open(Path directory, boolean clean) throws IOException;
  }

  /** Stores both frames. {@return the shard that has them, or {@link #REFUSED}} */
  int put(EntryId id, byte[] card, byte[] answer);

  /**
   * {@return the answer's frame, or null}
   *
   * @throws TimeoutException if it could not be read within the deadline
   */
  byte[] answer(int shard, EntryId id) throws TimeoutException;

  /**
   * {@return the card's frame, or null}
   *
   * @throws TimeoutException if it could not be read within the deadline
   */
  byte[] card(int shard, EntryId id) throws TimeoutException;

  void remove(int shard, EntryId id);

  /** Writes all frames to the disk. */
  default void force() throws IOException {}

  /**
   * Removes what no live entry owns; what cannot be read yet, as soon as it can.
   *
   * @return how many frames are removed so far
   */
  long removeOrphans(Predicate<EntryId> live);

  /** {@return whether something in it cannot be used, or was not removed, until it is recovered} */
  default boolean needsRecovery() {
    return false;
  }

  /** {@return whether a part of the answers cannot be read yet} */
  default boolean isRecovering() {
    return false;
  }

  /** Waits until all answers can be read, as far as they can be at all. */
  default void awaitOpen() {}

  @Override
  void close();
}
