package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.ReplicaEntry;
import dev.askonce.redis.internal.server.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private static final Keys KEYS = new Keys("test");
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Hash128 KEY = new Hash128(3, 4);
  private static final long NOW = 1_000_000_000;

  private final FakeReplica replica = new FakeReplica();
  private final Subscription control = new Subscription(KEYS.control(), 0, false);
  private final Subscription stream = new Subscription(KEYS.log(SCOPE), 2, false);
  private final List<Subscription> begun = new ArrayList<>();
  private final Subscriptions subscriptions =
      new Subscriptions(KEYS, replica, control, TimeUnit.HOURS.toNanos(1), begun::add);

  @Test
  void echo_isMissing_onlyWhenTheLogWasReadPastIt() {
    Echoes echoes = stream.echoes;
    echoes.await(1, 70, false);
    assertFalse(echoes.isMissing(StreamId.MAX), "the server has not confirmed it");
    assertNull(echoes.last());
    assertEquals(70, echoes.oldestMillis(100));
    echoes.confirmed(1, new StreamId(5, 0));
    assertFalse(echoes.isMissing(new StreamId(4, 9)));
    assertTrue(echoes.isMissing(new StreamId(5, 0)));
    assertEquals(new StreamId(5, 0), echoes.last());
    assertEquals(List.of(new StreamId(5, 0)), stream.expected());
    assertEquals(1, echoes.remove(1).number());
    echoes.confirmed(1, new StreamId(5, 0));
    assertTrue(echoes.isEmpty(), "it was read before the confirmation came");
    assertEquals(100, echoes.oldestMillis(100));
  }

  @Test
  void entryFromTheFuture_isReadAgainSomeTimeAfterItsTimeHasCome() {
    stream.refused(NOW + 400_000, NOW);
    assertFalse(stream.wantsRereading(NOW + 100_000), "just in time, others follow");
    assertTrue(stream.wantsRereading(NOW + 140_000));
    stream.restart();
    assertFalse(stream.wantsRereading(NOW + 140_000));
  }

  @Test
  void entryThatWasOver_isReadAgain_whereTheClockWasWrong() {
    stream.refused(NOW - 7_200_000, NOW);
    assertFalse(stream.wantsRereading(NOW + 1_000));
    assertFalse(stream.wantsRereading(NOW - 1_000));
    assertTrue(stream.wantsRereading(NOW - 61_000));
  }

  private static ReplicaEntry entry(long version) {
    return FakeReplica.entry(SCOPE, KEY, version, "x");
  }

  @Test
  void scopeOfWhichNothingWasHere_isServedAtOnce() {
    assertTrue(subscriptions.serves(SCOPE, 7));
    assertEquals(1, begun.size());
    assertTrue(begun.getFirst().fresh);
    assertEquals(7, begun.getFirst().tenant);
    assertTrue(subscriptions.serves(SCOPE, 7));
    assertEquals(1, begun.size());
  }

  @Test
  void scopeThatWasHere_isServedWhenItAndTheControlLogAreRead() {
    replica.put(entry(1));
    assertFalse(subscriptions.serves(SCOPE, 7));
    begun.getFirst().phase.set(Subscription.Phase.LIVE);
    assertFalse(subscriptions.serves(SCOPE, 7));
    control.phase.set(Subscription.Phase.LIVE);
    assertTrue(subscriptions.serves(SCOPE, 7));
    begun.getFirst().phase.set(Subscription.Phase.REJOINING);
    assertTrue(subscriptions.serves(SCOPE, 7));
  }

  @Test
  void scopeThatWasForgotten_isBegunAnew() {
    Subscription before = subscriptions.of(SCOPE);
    subscriptions.forget(before);
    assertNull(subscriptions.find(SCOPE));
    subscriptions.of(SCOPE);
    assertEquals(2, begun.size());
    // Who forgets later does not forget what was begun since.
    subscriptions.forget(before);
    assertEquals(begun.getLast(), subscriptions.find(SCOPE));
  }

  @Test
  void touches_areGivenOnce_andBounded() {
    TouchBuffer buffer = new TouchBuffer();
    for (int i = 0; i < 5_000; i++) {
      buffer.add(new Hash128(0, i % 2), new Hash128(1, i));
    }
    assertEquals(2, buffer.drain().size());
    assertTrue(buffer.drain().isEmpty());
    buffer.add(SCOPE, KEY);
    buffer.add(SCOPE, KEY);
    assertEquals(List.of(KEY), List.copyOf(buffer.drain().get(SCOPE)));
  }
}
