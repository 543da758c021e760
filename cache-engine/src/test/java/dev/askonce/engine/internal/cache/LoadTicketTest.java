package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.LoadTicket.Role;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.decision.CosinePolicy;
import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single flight: who loads, who waits, and what becomes of those who wait. */
class LoadTicketTest {
  private static final Scope ACME = Scope.tenant("acme");
  private static final Answer ANSWER = Answer.text("so");
  private static final PutOptions PUT = PutOptions.DEFAULTS;
  private static final LookupOptions LOOKUP = LookupOptions.DEFAULTS;
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory;

  private CacheHouse house;
  private LocalSemanticCache cache;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void open() {
    house = new CacheHouse(directory);
    cache = house.open();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    cache.check();
    cache.close();
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
  void await_leaderFulfilsButFollowerIsRefused_leadsItself() {
    cache.close();
    boolean[] strict = {false};
    CosinePolicy cosine = new CosinePolicy();
    house.policy =
        new DecisionPolicy() {
          @Override
          public float floor(float threshold) {
            return cosine.floor(threshold);
          }

          @Override
          public Verdict judge(Question question, Candidate candidate) {
            return strict[0] ? Verdict.refuse("strict") : cosine.judge(question, candidate);
          }
        };
    cache = house.open();
    LoadTicket leader = acquire("a#1");
    LoadTicket near = acquire("a#2");
    assertEquals(Role.FOLLOWER, near.role());
    strict[0] = true;
    leader.fulfil(ANSWER, PUT);
    assertEquals(Role.LEADER, near.await(LONG));
    near.fulfil(Answer.text("its own"), PUT);
    assertEquals("its own", cache.lookup(ACME, "a#2").answer().orElseThrow().text());
  }

  @Test
  void await_leaderFails_oneFollowerLeads() throws Exception {
    LoadTicket leader = acquire("a#1");
    List<LoadTicket> followers = new ArrayList<>(followers("a#1", 8));
    List<Future<Role>> waiting = awaitAll(followers);
    leader.fail();
    assertEquals(Role.ALONE, leader.role());
    // Whoever fails next hands on to one more, until the last one has the answer.
    for (int left = 8; left > 1; left--) {
      LoadTicket next = awaitLeader(followers, waiting);
      followers.remove(next);
      next.close();
    }
    LoadTicket last = awaitLeader(followers, waiting);
    last.fulfil(ANSWER, PUT);
    int hits = 0;
    for (Future<Role> role : waiting) {
      hits += role.get() == Role.HIT ? 1 : 0;
    }
    assertEquals(0, hits, "each of the eight led once");
  }

  /** Spins until one of the tickets has been told to lead. */
  private static LoadTicket awaitLeader(List<LoadTicket> tickets, List<Future<Role>> waiting)
      throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (System.nanoTime() < deadline) {
      long done = waiting.stream().filter(Future::isDone).count();
      if (done > 8 - tickets.size()) {
        List<LoadTicket> leaders =
            tickets.stream().filter(ticket -> ticket.role() == Role.LEADER).toList();
        assertEquals(1, leaders.size(), "one leads at a time");
        return leaders.getFirst();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("nobody leads");
  }

  @Test
  void acquire_fulfilledSinceTheLookup_isAHit() {
    // The put comes after the exact tier was asked: while the text is embedded.
    FakeEmbedder inner = house.embedder;
    cache.close();
    LocalSemanticCache[] opened = new LocalSemanticCache[1];
    CountDownLatch once = new CountDownLatch(1);
    house.embedderOfCache =
        Optional.of(
            new Embedder() {
              @Override
              public int dimension() {
                return inner.dimension();
              }

              @Override
              public String fingerprint() {
                return inner.fingerprint();
              }

              @Override
              public Embedding embed(String text, Duration timeout) throws TimeoutException {
                if (text.startsWith("broken:") && once.getCount() > 0) {
                  once.countDown();
                  opened[0].put(ACME, text, ANSWER);
                }
                return inner.embed(text, timeout);
              }
            });
    cache = house.open();
    opened[0] = cache;
    LoadTicket ticket = acquire("broken:a");
    assertEquals(Role.HIT, ticket.role());
    assertEquals(ANSWER, ticket.lookup().answer().orElseThrow());
  }

  @Test
  void getOrLoad_virtualThreads_loadOnceAText() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      CountDownLatch allStarted = new CountDownLatch(500);
      for (int i = 0; i < 500; i++) {
        String text = "text" + i % 5 + "#" + i % 10;
        answers.add(
            virtual.submit(
                () -> {
                  allStarted.countDown();
                  return cache.getOrLoad(
                      ACME,
                      text,
                      () -> {
                        allStarted.await();
                        loads.incrementAndGet();
                        return Answer.text(text.substring(0, text.indexOf('#')));
                      });
                }));
      }
      for (int i = 0; i < 500; i++) {
        assertEquals("text" + i % 5, answers.get(i).get().text());
      }
    }
    // Five meanings in two wordings each; both of a pair may begin in the same instant.
    assertTrue(loads.get() >= 5 && loads.get() <= 10, loads + " loads");
  }
}
