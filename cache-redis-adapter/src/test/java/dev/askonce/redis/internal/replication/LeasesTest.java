package dev.askonce.redis.internal.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.LoadLease;
import dev.askonce.redis.internal.server.ReplyLimits;
import dev.askonce.redis.internal.server.Servers;
import dev.askonce.redis.internal.server.StreamId;
import dev.askonce.redis.internal.server.Streams;
import dev.askonce.redis.internal.server.TestServers;
import dev.askonce.redis.rig.Await;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Two caches that ask one server for the right to load, each race in the order that it needs. */
class LeasesTest {
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Hash128 KEY = new Hash128(3, 4);
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);
  private static final Keys KEYS = new Keys("test");
  private static final long VECTORS = 7;
  private static final String NAME = KEYS.lease(SCOPE, KEY, VECTORS);

  private static RedisProcess server;
  private static FaultyProxy proxy;

  private final List<Servers> opened = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(System.nanoTime());
  private Cache a;
  private Cache b;

  @BeforeAll
  static void startServer() {
    server = new RedisProcess();
    proxy = new FaultyProxy(server.port());
  }

  @AfterAll
  static void stopServer() {
    proxy.close();
    server.close();
  }

  @BeforeEach
  void open() {
    server.flush();
    proxy.fault(FaultyProxy.NONE);
    a = new Cache("a", proxy.uri(), Duration.ofSeconds(10));
    b = new Cache("b", server.uri(), Duration.ofSeconds(10));
  }

  @AfterEach
  void close() {
    opened.forEach(Servers::close);
  }

  /** What of a cache its leases see. */
  private final class Cache {
    final Counters counters = new Counters();
    volatile boolean answers;
    final Commands commands;
    final Leases leases;
    final Subscription scope = new Subscription(KEYS.log(SCOPE), Keys.shard(SCOPE), true);

    Cache(String token, String uri, Duration deadline) {
      Servers servers =
          Servers.open(TestServers.settings(uri, deadline, ReplyLimits.ofValues(1 << 20)));
      opened.add(servers);
      commands = new Commands(servers);
      leases =
          new Leases(
              commands, commands, shard -> answers, KEYS, counters, token, VECTORS, now::get);
      scope.phase.set(Subscription.Phase.LIVE);
    }

    LoadLease lead() {
      return leases.lead(scope, KEY);
    }

    /** Puts an answer into the log. */
    StreamId publish() throws LinkDown {
      return Streams.id(
          commands.all(scope.shard, List.of(Streams.add(scope.key, new byte[10]))).getFirst());
    }
  }

  private static String holder() {
    return server.command(Command.GET, NAME) instanceof byte[] bytes ? new String(bytes) : "nobody";
  }

  private static void awaitHolder(String holder) {
    Await.until(() -> "held by " + holder + ", not " + holder(), () -> holder().equals(holder));
  }

  /** Lets the clock of both caches go on. */
  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void lead_ofOneOfTwo_isGiven() {
    assertTrue(a.lead().leads());
    assertFalse(b.lead().leads());
    assertEquals(1, a.counters.leads.sum());
    assertEquals(1, b.counters.follows.sum());
  }

  @Test
  void lead_afterAnotherHasPublished_waitsUntilThatIsRead() throws Exception {
    LoadLease first = a.lead();
    StreamId answer = a.publish();
    first.release(false);
    awaitHolder("nobody");

    LoadLease late = b.lead();
    assertFalse(late.leads(), "the last holder's answer was not read");
    assertFalse(a.lead().leads(), "the lease is not the late one's");
    CompletableFuture<Boolean> waiting = awaiting(late);
    b.scope.position = answer;
    assertTrue(waiting.get(30, TimeUnit.SECONDS));
    assertTrue(b.lead().leads(), "it was read, and was not what is asked for");
    assertEquals(1, b.counters.leads.sum());
    assertEquals(0, b.counters.uncoordinated.sum());
  }

  private static CompletableFuture<Boolean> awaiting(LoadLease lease) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return lease.await(LONG);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void lead_afterAnotherHasPublished_endsWithItsArrival() throws Exception {
    a.publish();
    LoadLease late = b.lead();
    CompletableFuture<Boolean> waiting = awaiting(late);
    b.leases.arrived(KEY);
    assertTrue(waiting.get(30, TimeUnit.SECONDS));
    late.release(false);
    awaitHolder("nobody");
  }

  @Test
  void await_ofALogThatIsNotRead_takesNoLongerThanItsCaller() throws Exception {
    a.publish();
    LoadLease late = b.lead();
    assertFalse(late.await(TimeUnit.MILLISECONDS.toNanos(20)));
    late.release(false);
    awaitHolder("nobody");
  }

  @Test
  void await_ofAScopeThatIsBeingLoaded_endsInTime() throws Exception {
    a.publish();
    b.scope.phase.set(Subscription.Phase.JOINING);
    LoadLease late = b.lead();
    assertTrue(late.await(LONG));
    assertTrue(b.lead().leads());
    assertEquals(1, b.counters.uncoordinated.sum());
  }

  @Test
  void follower_whoseLeaderHasPublished_waitsUntilThatIsRead() throws Exception {
    LoadLease leader = a.lead();
    LoadLease follower = b.lead();
    StreamId answer = a.publish();
    leader.release(false);
    awaitHolder("nobody");
    assertFalse(follower.await(TimeUnit.MILLISECONDS.toNanos(500)), "nothing was read");
    b.scope.position = answer;
    assertTrue(follower.await(LONG));
  }

  @Test
  void lead_whoseReplyWasLost_isTaken() throws Exception {
    Cache hasty = new Cache("hasty", proxy.uri(), Duration.ofMillis(200));
    proxy.fault(FaultyProxy.STALL);
    LoadLease lost = hasty.lead();
    assertFalse(lost.leads());
    proxy.fault(FaultyProxy.NONE);
    awaitHolder("hasty");
    Await.until(
        () -> "it leads: " + hasty.counters.leads,
        () -> {
          LoadLease again = hasty.lead();
          return again.leads();
        });
    assertFalse(b.lead().leads());
  }

  @Test
  void lead_ofAServerThatDoesNotAnswer_isTriedThreeTimes() throws Exception {
    Cache hasty = new Cache("hasty", proxy.uri(), Duration.ofMillis(100));
    proxy.fault(FaultyProxy.STALL);
    for (int i = 1; i < 3; i++) {
      LoadLease lease = hasty.lead();
      assertFalse(lease.leads(), "after " + i);
      assertTrue(lease.await(LONG));
    }
    assertTrue(hasty.lead().leads());
    assertEquals(1, hasty.counters.uncoordinated.sum());
  }

  @Test
  void lead_ofAServerThatAnswersElsewhere_isTriedForLonger() throws Exception {
    Cache starved = new Cache("starved", proxy.uri(), Duration.ofMillis(20));
    starved.answers = true;
    proxy.fault(FaultyProxy.STALL);
    for (int i = 0; i < 5; i++) {
      LoadLease lease = starved.lead();
      assertFalse(lease.leads());
      assertTrue(lease.await(LONG));
    }
    pass(Duration.ofSeconds(20));
    assertTrue(starved.lead().leads(), "not for ever");
    assertFalse(starved.lead().leads(), "the next begins anew");
    starved.answers = false;
    assertFalse(starved.lead().leads());
    assertTrue(starved.lead().leads(), "after three in all");
  }

  @Test
  void lead_whoseCallerGivesUp_beginsAnew() throws Exception {
    Cache hasty = new Cache("hasty", proxy.uri(), Duration.ofMillis(100));
    proxy.fault(FaultyProxy.STALL);
    for (int i = 0; i < 4; i++) {
      LoadLease lease = hasty.lead();
      assertFalse(lease.leads());
      assertFalse(lease.await(1_000));
      lease.release(false);
    }
  }

  @Test
  void lead_ofAServerThatIsDown_isGivenAtOnce() {
    Cache alone =
        new Cache("alone", "redis://127.0.0.1:" + RedisProcess.freePort(), Duration.ofSeconds(10));
    assertTrue(alone.lead().leads());
    assertEquals(1, alone.counters.uncoordinated.sum());
    assertEquals(0, alone.counters.leads.sum());
  }

  @Test
  void renew_ofALeaseThatTheServerLost_claimsItAgain() {
    assertTrue(a.lead().leads());
    server.flush();
    a.leases.renew();
    assertFalse(b.lead().leads());
  }

  @Test
  void renew_ofALeaseThatAnotherHas_leavesItToThat() {
    LoadLease lost = a.lead();
    server.flush();
    assertTrue(b.lead().leads());
    a.leases.renew();
    assertEquals("b", holder());
    lost.release(false);
    // Asks the server after whatever the release sends.
    assertFalse(a.lead().leads());
    assertEquals("b", holder());
  }

  @Test
  void release_ofALeaseThatMayHaveEnded_leavesItToAnother() {
    LoadLease late = a.lead();
    server.flush();
    pass(Duration.ofMillis(Leases.LEASE_MILLIS));
    assertTrue(b.lead().leads());
    late.release(false);
    assertFalse(a.lead().leads());
    assertEquals("b", holder());
  }

  @Test
  void release_ofWhatIsStored_endsWithItsOwnPublication() {
    Publisher.Item.Entry earlier = new Publisher.Item.Entry(KEY);
    Publisher.Item.Entry own = new Publisher.Item.Entry(KEY);
    LoadLease leader = a.lead();
    a.leases.published(earlier);
    a.leases.queueing(own);
    a.leases.published(earlier);
    leader.release(true);
    a.leases.published(earlier);
    a.leases.renew();
    assertEquals("a", holder());
    a.leases.published(own);
    awaitHolder("nobody");
  }

  @Test
  void release_ofWhatIsPublishedAlready_endsAtOnce() {
    Publisher.Item.Entry own = new Publisher.Item.Entry(KEY);
    LoadLease leader = a.lead();
    a.leases.queueing(own);
    a.leases.published(own);
    assertEquals("a", holder());
    leader.release(true);
    awaitHolder("nobody");
  }

  @Test
  void leaseOfAnAnswerInALongQueue_isKeptWhileTheQueueMoves() {
    Publisher.Item.Entry own = new Publisher.Item.Entry(KEY);
    LoadLease leader = a.lead();
    a.leases.queueing(own);
    leader.release(true);
    for (int i = 0; i < 10; i++) {
      a.counters.published.increment();
      pass(Duration.ofSeconds(3));
      a.leases.renew();
      assertEquals("a", holder());
    }
    awaitEndWhileNothingMoves();
  }

  private void awaitEndWhileNothingMoves() {
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofSeconds(3));
      a.leases.renew();
    }
    awaitHolder("nobody");
  }

  @Test
  void leaseOfAnAnswerThatIsNotQueued_endsAllTheSame() {
    Publisher.Item.Entry own = new Publisher.Item.Entry(KEY);
    LoadLease leader = a.lead();
    a.leases.queueing(own);
    a.leases.unqueued(own);
    leader.release(true);
    for (int i = 0; i < 4; i++) {
      a.counters.published.increment();
      pass(Duration.ofSeconds(3));
      a.leases.renew();
    }
    awaitHolder("nobody");
  }
}
