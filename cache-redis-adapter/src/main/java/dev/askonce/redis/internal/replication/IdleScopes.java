package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.Replica;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets scopes leave in which nobody asked or put for long. Threading: one thread. */
final class IdleScopes {
  private static final Logger LOG = LoggerFactory.getLogger(IdleScopes.class);

  /** Scopes whose entries are removed at a time: each is a walk through all records. */
  private static final int WALKS_AT_ONCE = 8;

  private final Joiner joiner;
  private final Replica replica;
  private final Publisher publisher;
  private final Subscriptions subscriptions;
  private final Duration idleAfter;

  IdleScopes(
      Joiner joiner,
      Replica replica,
      Publisher publisher,
      Subscriptions subscriptions,
      Duration idleAfter) {
    this.joiner = joiner;
    this.replica = replica;
    this.publisher = publisher;
    this.subscriptions = subscriptions;
    this.idleAfter = idleAfter;
  }

  void forget() {
    int walks = 0;
    try {
      for (Subscription stream : subscriptions.scopes()) {
        if (walks < WALKS_AT_ONCE && isIdle(stream) && isToSpare(stream)) {
          walks += forget(stream) ? 1 : 0;
        }
      }
    } catch (LinkDown e) {
      LOG.debug("idle scopes stay: {}", e.getMessage());
    }
  }

  private boolean isIdle(Subscription stream) {
    return System.nanoTime() - stream.servedNanos > idleAfter.toNanos();
  }

  /** {@return whether nothing is here of a scope, or all of it in its log, which is looked at} */
  private boolean isToSpare(Subscription stream) throws LinkDown {
    if (publisher.pending() > 0 || !stream.isPublished() || !stream.echoes.isEmpty()) {
      return false;
    }
    return !replica.has(stream.scope()) || joiner.isKept(stream);
  }

  /** {@return whether there was something to remove} */
  private boolean forget(Subscription stream) {
    // Known until its entries are gone: who asks before must not take them for loaded anew.
    if (!stream.phase.compareAndSet(Subscription.Phase.LIVE, Subscription.Phase.FORGOTTEN)) {
      return false;
    }
    boolean isHere = replica.has(stream.scope());
    if (isHere) {
      // All of it is in the log, but for what is put now.
      long before = replica.nowMillis() - idleAfter.toMillis();
      replica.remove(Removal.scope(stream.scope(), before));
    }
    subscriptions.forget(stream);
    return isHere;
  }
}
