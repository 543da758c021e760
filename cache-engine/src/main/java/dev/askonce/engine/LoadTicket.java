package dev.askonce.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * The right, or the wait, to load one missing answer: what {@link SemanticCache#acquire} returns.
 * Of all callers that miss the same or a near duplicate text of a scope at once, one <em>leads</em>
 * and calls the model; the others <em>follow</em> and wait for its answer.
 *
 * <pre>
 *   acquire ──▶ HIT       lookup() has the answer
 *           ──▶ LEADER    call the model, then exactly one of fulfil, decline, fail (or close)
 *           ──▶ FOLLOWER  await(): HIT, or LEADER (the leader failed, this caller takes over),
 *                         or ALONE (declined, timed out: call the model without telling anyone)
 * </pre>
 *
 * <p>Threading: a ticket belongs to one caller; it may be handed to another thread but not used by
 * two at once. Guarantees: a follower is answered only through a lookup of its own text, so scope,
 * threshold and decision stage hold for it as for anyone. Progress: a leader that forgets its
 * ticket blocks followers no longer than their own timeout.
 */
public interface LoadTicket extends AutoCloseable {
  /** What the holder of a ticket is to do. */
  enum Role {
    HIT,
    LEADER,
    FOLLOWER,
    ALONE
  }

  Role role();

  /** {@return the lookup behind this ticket: the hit, or the miss that made it} */
  Lookup lookup();

  /**
   * Stores the answer, as {@link SemanticCache#put}, and wakes the followers. Where the lookup
   * {@linkplain Lookup#withheld withheld} a hit, the {@link dev.askonce.engine.spi.Judge} compares
   * both answers, later.
   *
   * @return the new entry, or empty where the store could not take it; the followers are released
   *     either way
   * @throws IllegalStateException if the role is not {@link Role#LEADER} or {@link Role#ALONE}
   */
  Optional<EntryId> fulfil(Answer answer, PutOptions options);

  /** Says that the answer exists but is not to be stored: the followers go on alone. */
  void decline();

  /** Says that there is no answer: one follower takes the lead. */
  void fail();

  /**
   * Waits for the leader and changes the role of this ticket from {@link Role#FOLLOWER} to one of
   * the others.
   *
   * @return the new role
   */
  Role await(Duration timeout);

  /** Fails the ticket if its holder leads and has said nothing. */
  @Override
  void close();
}
