package dev.askonce.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LoadTicket.Role;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single flight: who loads, who waits, and what becomes of those who wait. */
abstract class LoadContract extends ContractFixture {
  private static final Answer ANSWER = Answer.text("so");
  private static final PutOptions PUT = PutOptions.DEFAULTS;
  private static final LookupOptions LOOKUP = LookupOptions.DEFAULTS;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private LoadTicket acquire(String text) {
    return cache.acquire(ACME, text, LOOKUP);
  }

  private List<Future<Role>> awaitAll(List<LoadTicket> tickets) {
    return tickets.stream().map(ticket -> threads.submit(() -> ticket.await(LONG))).toList();
  }

  private List<LoadTicket> followers(String text, int count) {
    List<LoadTicket> followers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      followers.add(acquire(text));
      assertEquals(Role.FOLLOWER, followers.getLast().role());
    }
    return followers;
  }

  @Test
  void acquire_answerIsThere_isAHit() {
    cache.put(ACME, "a#1", ANSWER);
    LoadTicket ticket = acquire("a#2");
    assertEquals(Role.HIT, ticket.role());
    assertEquals(ANSWER, ticket.lookup().answer().orElseThrow());
    assertThrows(IllegalStateException.class, () -> ticket.fulfil(ANSWER, PUT));
    assertThrows(IllegalStateException.class, ticket::fail);
    assertThrows(IllegalStateException.class, ticket::decline);
    ticket.close();
  }

  @Test
  void acquire_manyThreadsSameText_oneLeads() throws Exception {
    AtomicInteger leaders = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Role>> roles = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      roles.add(
          threads.submit(
              () -> {
                start.await();
                LoadTicket ticket = acquire("a#1");
                if (ticket.role() == Role.LEADER) {
                  leaders.incrementAndGet();
                  ticket.fulfil(ANSWER, PUT);
                  return Role.LEADER;
                }
                return ticket.role() == Role.FOLLOWER ? ticket.await(LONG) : ticket.role();
              }));
    }
    start.countDown();
    int hits = 0;
    for (Future<Role> role : roles) {
      hits += role.get() == Role.HIT ? 1 : 0;
    }
    assertEquals(1, leaders.get());
    assertEquals(15, hits);
    assertEquals(1, cache.stats().puts());
  }

  @Test
  void acquire_otherTextOrScope_leadsToo() {
    assertEquals(Role.LEADER, acquire("a#1").role());
    assertEquals(Role.LEADER, acquire("b#1").role());
    assertEquals(Role.LEADER, cache.acquire(Scope.tenant("x"), "a#1", LOOKUP).role());
    assertEquals(Role.FOLLOWER, acquire(" a#1").role());
    assertEquals(Role.FOLLOWER, acquire("a#2").role(), "a near duplicate");
    assertEquals(
        Role.LEADER, cache.acquire(ACME, "a#3", LOOKUP.threshold(1)).role(), "not near enough");
    assertEquals(Role.LEADER, cache.acquire(ACME, "a#4", LOOKUP.exactOnly(true)).role());
  }

  @Test
  void await_leaderFulfils_nearDuplicateIsJudgedItself() {
    LoadTicket leader = acquire("a#1");
    LoadTicket near = acquire("a#2");
    assertEquals(MissReason.NOTHING_SIMILAR, near.lookup().missReason().orElseThrow());
    leader.fulfil(ANSWER, PUT);
    assertEquals(Role.HIT, near.await(LONG));
    assertTrue(near.lookup().hit().orElseThrow().cosine() < 1);
    assertEquals(ANSWER, near.lookup().answer().orElseThrow());
  }

  @Test
  void close_ofALeader_handsOn() {
    LoadTicket follower;
    try (LoadTicket leader = acquire("a#1")) {
      assertEquals(Role.LEADER, leader.role());
      follower = acquire("a#1");
    }
    assertEquals(Role.LEADER, follower.await(LONG));
    follower.fulfil(ANSWER, PUT);
    follower.close();
    assertTrue(cache.lookup(ACME, "a#1").isHit());
    assertEquals(Role.HIT, acquire("a#1").role());
  }

  @Test
  void decline_byTheLeader_letsFollowersGoAlone() throws Exception {
    LoadTicket leader = acquire("a#1");
    List<LoadTicket> followers = followers("a#1", 4);
    List<Future<Role>> waiting = awaitAll(followers);
    leader.decline();
    for (Future<Role> role : waiting) {
      assertEquals(Role.ALONE, role.get());
    }
    assertFalse(cache.lookup(ACME, "a#1").isHit());
    assertTrue(followers.getFirst().fulfil(ANSWER, PUT).isPresent());
    assertTrue(cache.lookup(ACME, "a#1").isHit());
  }

  @Test
  void fulfil_refusedAnswer_throwsAndReleasesFollowers() {
    LoadTicket leader = acquire("a#1");
    LoadTicket follower = acquire("a#1");
    assertThrows(
        CacheException.AnswerTooLarge.class,
        () -> leader.fulfil(Answer.text("x".repeat(5_000)), PUT));
    assertEquals(Role.ALONE, follower.await(LONG));
    assertEquals(Role.LEADER, acquire("a#1").role(), "the flight is over");
  }

  @Test
  void await_tooLong_goesAloneAndTheFlightGoesOn() {
    LoadTicket leader = acquire("a#1");
    LoadTicket follower = acquire("a#1");
    assertEquals(Role.ALONE, follower.await(Duration.ofMillis(1)));
    assertEquals(Role.ALONE, follower.await(LONG), "again at once");
    assertEquals(Role.FOLLOWER, acquire("a#1").role());
    leader.fulfil(ANSWER, PUT);
    assertEquals(Role.HIT, acquire("a#1").role());
  }

  @Test
  void await_anyTimeout_isTaken() {
    LoadTicket leader = acquire("a#1");
    LoadTicket follower = acquire("a#1");
    assertEquals(Role.ALONE, acquire("a#1").await(Duration.ZERO));
    assertEquals(Role.ALONE, acquire("a#1").await(Duration.ofSeconds(-5)));
    leader.fulfil(ANSWER, PUT);
    assertEquals(Role.HIT, follower.await(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void await_interrupted_goesAloneAndKeepsTheMark() {
    LoadTicket leader = acquire("a#1");
    LoadTicket follower = acquire("a#1");
    Thread.currentThread().interrupt();
    assertEquals(Role.ALONE, follower.await(LONG));
    assertTrue(Thread.interrupted());
    leader.decline();
  }

  @Test
  void getOrLoad_hitMissAndFailure_doesWhatItSays() {
    assertEquals(ANSWER, cache.getOrLoad(ACME, "a#1", () -> ANSWER));
    assertEquals(ANSWER, cache.getOrLoad(ACME, "a#2", () -> Answer.text("never called")));
    IllegalStateException cause = new IllegalStateException("model down");
    Callable<Answer> failing =
        () -> {
          throw cause;
        };
    CacheException.LoadFailed failed =
        assertThrows(CacheException.LoadFailed.class, () -> cache.getOrLoad(ACME, "b#1", failing));
    assertSame(cause, failed.getCause());
    assertEquals(ANSWER, cache.getOrLoad(ACME, "b#1", () -> ANSWER), "nobody waits for it");
  }

  /** What the model said is the caller's even where the cache cannot keep it. */
  @Test
  void getOrLoad_answerCannotBeStored_returnsItAllTheSame() {
    Answer large = Answer.text("x".repeat(5_000));
    assertEquals(large, cache.getOrLoad(ACME, "a#1", () -> large));
    assertFalse(cache.lookup(ACME, "a#1").isHit());
    SemanticCache other = openAt(directory.resolve("other"));
    Answer answer =
        other.getOrLoad(
            ACME,
            "a#1",
            () -> {
              other.close();
              return ANSWER;
            });
    assertEquals(ANSWER, answer);
  }
}
