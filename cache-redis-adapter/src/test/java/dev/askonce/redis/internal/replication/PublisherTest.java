package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.redis.internal.log.LogRecord;
import dev.askonce.redis.internal.log.Sealer;
import dev.askonce.redis.rig.Await;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue of what is to be published, before servers that are made to behave in some way. */
class PublisherTest {
  private static final Keys KEYS = new Keys("test");
  private static final int QUEUE_MAX = 500;
  private static final long RETENTION_MILLIS = 3_600_000;

  private final FakeServers servers = new FakeServers();
  private final FakeReplica replica = new FakeReplica();
  private final Counters counters = new Counters();
  private final Set<Hash128> published = ConcurrentHashMap.newKeySet();
  private final Set<Hash128> gone = ConcurrentHashMap.newKeySet();
  private final Subscription first = stream(0);
  private final Subscription second = stream(1);
  private Publisher publisher;
  private long keys;

  private static Subscription stream(int shard) {
    Hash128 scope = new Hash128(9, shard);
    return new Subscription(KEYS.log(scope), shard, true);
  }

  @BeforeEach
  void open() {
    publisher =
        new Publisher(
            new Commands(servers),
            new Sealer(new byte[32], replica.vectorFingerprint(), replica.dimension()),
            replica,
            counters,
            QUEUE_MAX,
            1_000,
            RETENTION_MILLIS,
            new Publisher.Listener() {
              @Override
              public void published(Subscription stream, Publisher.Item item) {
                note(item, published);
              }

              @Override
              public void gone(Publisher.Item item) {
                note(item, gone);
              }
            });
    publisher.start();
  }

  private static void note(Publisher.Item item, Set<Hash128> keys) {
    if (item instanceof Publisher.Item.Entry(Hash128 key)) {
      keys.add(key);
    }
  }

  @AfterEach
  void close() {
    publisher.close(1);
  }

  /** Puts an entry and adds its name. */
  private Hash128 put(Subscription stream) {
    Hash128 key = new Hash128(1, ++keys);
    replica.put(FakeReplica.entry(stream.scope(), key, keys, "x"));
    publisher.add(stream, new Publisher.Item.Entry(key));
    return key;
  }

  private void awaitEmpty() {
    Await.until(() -> publisher.pending() + " wait", () -> publisher.pending() == 0);
  }

  @Test
  void shardThatAlwaysHasSomething_doesNotKeepOthersWaiting() {
    AtomicBoolean more = new AtomicBoolean(true);
    // With each call there is as much again for the first.
    servers.before =
        () -> {
          if (more.get()) {
            put(first);
          }
        };
    put(first);
    Hash128 key = put(second);
    try {
      Await.until("the second shard's turn", () -> published.contains(key));
    } finally {
      more.set(false);
    }
  }

  @Test
  void refusedRecord_isPublishedLater_andOthersBeforeIt() {
    servers.refused = sent -> sent.is("XADD") && sent.shard() == 0;
    Hash128 held = put(first);
    Hash128 free = put(second);
    Await.until("the other shard goes on", () -> published.contains(free));
    assertEquals(1, publisher.pending());
    assertTrue(first.echoes.isEmpty(), "what was refused is not awaited");
    servers.refused = sent -> false;
    awaitEmpty();
    assertTrue(published.contains(held));
    assertEquals(1, first.echoes.size());
  }

  @Test
  void whatDoesNotFit_marksItsScope() {
    servers.down = true;
    for (int i = 0; i < QUEUE_MAX; i++) {
      put(first);
    }
    assertFalse(second.unpublished.get());
    put(second);
    assertTrue(second.unpublished.get());
    assertEquals(QUEUE_MAX, publisher.pending());
    assertEquals(1, counters.overflows.sum());
    servers.down = false;
    awaitEmpty();
    assertEquals(QUEUE_MAX, published.size());
  }

  @Test
  void touches_whileTheServerIsDown_takeNoPlace() {
    servers.down = true;
    put(first);
    for (int i = 0; i < 2 * QUEUE_MAX; i++) {
      publisher.addHint(first, new LogRecord.Touches(first.scope(), List.of(new Hash128(1, 1))));
    }
    // Those on the way while nobody knew yet, and those that waited by then.
    assertTrue(publisher.pending() <= 257, () -> publisher.pending() + " wait");
    assertFalse(first.unpublished.get());
    assertEquals(0, counters.overflows.sum());
  }

  @Test
  void entryThatCannotBeRead_keepsNothingWaiting() {
    servers.down = true;
    Hash128 unreadable = put(first);
    replica.unreadable = unreadable;
    servers.down = false;
    Hash128 next = put(first);
    awaitEmpty();
    assertEquals(Set.of(unreadable), gone);
    assertEquals(Set.of(next), published);
  }

  @Test
  void errorInACall_isTriedAgain() {
    AtomicBoolean thrown = new AtomicBoolean();
    servers.before =
        () -> {
          if (!thrown.getAndSet(true)) {
            throw new NoClassDefFoundError("of a test");
          }
        };
    Hash128 key = put(first);
    awaitEmpty();
    assertTrue(thrown.get());
    assertEquals(Set.of(key), published);
    assertEquals(1, first.echoes.size(), "the one that was sent");
  }

  @Test
  void whatIsWrittenAndNeverRead_isNotMoreAndMore() {
    for (int i = 0; i < Publisher.UNREAD_MAX; i++) {
      first.echoes.await(-1 - i, 0, false);
    }
    Hash128 held = put(first);
    Hash128 free = put(second);
    Await.until("the other shard goes on", () -> published.contains(free));
    assertFalse(published.contains(held));
    first.echoes.remove(-1);
    awaitEmpty();
    assertTrue(published.contains(held));
  }
}
