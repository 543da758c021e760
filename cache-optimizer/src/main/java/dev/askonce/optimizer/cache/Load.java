package dev.askonce.optimizer.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Hit;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LoadTicket.Role;
import dev.askonce.engine.PutOptions;
import dev.askonce.optimizer.chat.FailOpen;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A load ticket that never throws (but see {@link FailOpen#swallow}) and is settled once: by its
 * outcome, or failed by {@link #close} if there was none. Without a ticket, since the cache was in
 * trouble, it does nothing.
 *
 * <p>Thread-safe: a stream's reader may be at its end while another thread closes it.
 */
final class Load implements AutoCloseable {
  private final LoadTicket ticket;
  private final FailOpen failOpen;
  private final AtomicBoolean settled;

  /**
   * @param ticket no follower's; null for a load that nobody waits for
   */
  Load(LoadTicket ticket, FailOpen failOpen) {
    this.ticket = ticket;
    this.failOpen = failOpen;
    this.settled = new AtomicBoolean(ticket == null);
  }

  /** {@return the hit of the cache, if it has one} */
  Optional<Hit> hit() {
    try {
      return ticket != null && ticket.role() == Role.HIT ? ticket.lookup().hit() : Optional.empty();
    } catch (Throwable e) {
      failOpen.swallow(e);
      return Optional.empty();
    }
  }

  /** {@return a hit that is to be checked, and may answer where the provider does not} */
  Optional<Hit> checkedHit() {
    try {
      return ticket != null ? ticket.lookup().checkedHit() : Optional.empty();
    } catch (Throwable e) {
      failOpen.swallow(e);
      return Optional.empty();
    }
  }

  void fulfil(Answer answer, PutOptions options) {
    settle(
        () -> {
          // A hit that could not be read is left to expire: nobody waits for another answer.
          if (ticket.role() != Role.HIT) {
            ticket.fulfil(answer, options);
          }
        });
  }

  void decline() {
    settle(() -> onlyIfLeading(ticket::decline));
  }

  void fail() {
    settle(() -> onlyIfLeading(ticket::fail));
  }

  @Override
  public void close() {
    fail();
  }

  private void onlyIfLeading(Runnable action) {
    if (ticket.role() == Role.LEADER) {
      action.run();
    }
  }

  private void settle(Runnable outcome) {
    if (!settled.compareAndSet(false, true)) {
      return;
    }
    try {
      outcome.run();
    } catch (Throwable e) {
      failOpen.swallow(e);
    } finally {
      // Where the outcome threw, those who wait must not wait for nothing.
      release();
    }
  }

  private void release() {
    try {
      ticket.close();
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }
}
