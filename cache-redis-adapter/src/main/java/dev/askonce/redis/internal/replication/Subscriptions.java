package dev.askonce.redis.internal.replication;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Replica;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The scopes that this cache keeps equal. */
final class Subscriptions {
  private static final long SECOND = 1_000_000_000;

  private final Keys keys;
  private final Replica replica;
  private final long patienceNanos;
  private final Consumer<Subscription> joiner;
  private final Map<Hash128, Subscription> byScope = new ConcurrentHashMap<>();
  final Subscription control;

  /**
   * @param control what concerns all scopes
   * @param patienceNanos how long callers are not answered while the server is out of reach
   * @param joiner told of each new one
   */
  Subscriptions(
      Keys keys,
      Replica replica,
      Subscription control,
      long patienceNanos,
      Consumer<Subscription> joiner) {
    this.keys = keys;
    this.replica = replica;
    this.patienceNanos = patienceNanos;
    this.joiner = joiner;
    this.control = control;
  }

  /** {@return the subscription of a scope, or null} */
  Subscription find(Hash128 scope) {
    return byScope.get(scope);
  }

  /** {@return the subscription of a scope, begun where there is none} */
  Subscription of(Hash128 scope) {
    Subscription known = byScope.get(scope);
    if (known != null) {
      return known;
    }
    Subscription made = new Subscription(keys.log(scope), Keys.shard(scope), !replica.has(scope));
    Subscription other = byScope.putIfAbsent(scope, made);
    if (other != null) {
      return other;
    }
    joiner.accept(made);
    return made;
  }

  /** {@return the subscription of a scope, or where there is none one that is not begun} */
  Subscription describe(Hash128 scope) {
    Subscription known = byScope.get(scope);
    return known != null ? known : new Subscription(keys.log(scope), Keys.shard(scope), false);
  }

  /** {@return whether a caller may be answered in a scope, which is subscribed to} */
  boolean serves(Hash128 scope, long tenant) {
    Subscription asked = of(scope);
    if (asked.tenant != tenant) {
      asked.tenant = tenant;
    }
    long now = System.nanoTime();
    if (now - asked.servedNanos > SECOND) {
      asked.servedNanos = now;
    }
    return asked.fresh || isUsable(asked) && isUsable(control);
  }

  private boolean isUsable(Subscription subscription) {
    return subscription.hasJoined()
        || (subscription.troubled || control.troubled)
            && System.nanoTime() - subscription.begunNanos > patienceNanos;
  }

  /** Lets a forgotten subscription be begun anew. */
  void forget(Subscription subscription) {
    byScope.remove(subscription.scope(), subscription);
  }

  Collection<Subscription> scopes() {
    return byScope.values();
  }
}
