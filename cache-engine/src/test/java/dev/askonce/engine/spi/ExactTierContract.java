package dev.askonce.engine.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ExactTier} promises. A test class of an implementation extends it and hands out
 * a tier that is empty at the start of each test.
 */
public abstract class ExactTierContract {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(40);

  /** How long an entry may outlive its time before a test gives up. */
  private static final long EXPIRY_WAIT_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Scope ACME = Scope.tenant("acme");

  /** {@return the tier of this test; the same at each call} */
  protected abstract ExactTier tier();

  /** Lets this time pass where the clock is injected; does nothing where it passes by itself. */
  protected abstract void advance(Duration time);

  @Test
  void find_storedAnswer_hitsByteForByte() {
    Answer answer = new Answer("application/json", "{\"a\":\"ä €\"}".getBytes(UTF_8));
    assertTrue(tier().store(ACME, "What is a log?", answer, HOUR));
    assertEquals(Optional.of(answer), tier().find(ACME, "What is a log?"));
  }

  @Test
  void find_nothingStored_misses() {
    assertEquals(Optional.empty(), tier().find(ACME, "What is a log?"));
  }

  @Test
  void find_binaryBody_hitsByteForByte() {
    byte[] body = new byte[4096];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) i;
    }
    Answer answer = new Answer("application/octet-stream", body);
    assertTrue(tier().store(ACME, "bytes", answer, HOUR));
    assertEquals(Optional.of(answer), tier().find(ACME, "bytes"));
  }

  @Test
  void find_emptyBody_hits() {
    Answer answer = new Answer("", new byte[0]);
    assertTrue(tier().store(ACME, "nothing", answer, HOUR));
    assertEquals(Optional.of(answer), tier().find(ACME, "nothing"));
  }

  @Test
  void find_emptyText_isATextLikeAnyOther() {
    assertTrue(tier().store(ACME, "", Answer.text("empty"), HOUR));
    assertEquals(Optional.of(Answer.text("empty")), tier().find(ACME, " \n"));
    assertEquals(Optional.empty(), tier().find(ACME, "x"));
  }

  @Test
  void find_otherTenant_misses() {
    assertTrue(tier().store(ACME, "salary", Answer.text("of acme"), HOUR));
    assertEquals(Optional.empty(), tier().find(Scope.tenant("globex"), "salary"));
    assertEquals(Optional.empty(), tier().find(Scope.shared(), "salary"));
  }

  @Test
  void find_narrowerOrWiderScope_misses() {
    Scope narrow = ACME.with("model", "small");
    assertTrue(tier().store(ACME, "q", Answer.text("wide"), HOUR));
    assertTrue(tier().store(narrow, "q", Answer.text("narrow"), HOUR));
    assertEquals(Optional.of(Answer.text("wide")), tier().find(ACME, "q"));
    assertEquals(Optional.of(Answer.text("narrow")), tier().find(narrow, "q"));
    assertEquals(Optional.empty(), tier().find(ACME.with("model", "large"), "q"));
    assertEquals(Optional.empty(), tier().find(ACME.with("mode", "lsmall"), "q"));
  }

  @Test
  void find_otherWhiteSpace_hits() {
    assertTrue(tier().store(ACME, "What is a log?", Answer.text("a"), HOUR));
    assertEquals(Optional.of(Answer.text("a")), tier().find(ACME, "  What\tis\u00a0a \r\n log?\n"));
    assertEquals(Optional.empty(), tier().find(ACME, "Whatis a log?"));
  }

  @Test
  void find_otherUnicodeForm_hits() {
    assertTrue(tier().store(ACME, "caf\u00e9", Answer.text("a"), HOUR));
    assertEquals(Optional.of(Answer.text("a")), tier().find(ACME, "cafe\u0301"));
  }

  @Test
  void find_otherCase_misses() {
    assertTrue(tier().store(ACME, "who is Rose", Answer.text("a"), HOUR));
    assertEquals(Optional.empty(), tier().find(ACME, "who is rose"));
  }

  @Test
  void store_sameText_replaces() {
    assertTrue(tier().store(ACME, "q", Answer.text("old and longer"), HOUR));
    assertTrue(tier().store(ACME, " q ", Answer.text("new"), HOUR));
    assertEquals(Optional.of(Answer.text("new")), tier().find(ACME, "q"));
  }

  @Test
  void store_ttlNotPositive_isRefused() {
    Answer answer = Answer.text("a");
    for (Duration ttl : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThrows(CacheException.InvalidOption.class, () -> tier().store(ACME, "q", answer, ttl));
    }
    assertEquals(Optional.empty(), tier().find(ACME, "q"));
  }

  @Test
  void remove_storedAnswer_misses() {
    assertTrue(tier().store(ACME, "q", Answer.text("a"), HOUR));
    assertTrue(tier().store(ACME, "other", Answer.text("b"), HOUR));
    assertFalse(tier().remove(Scope.tenant("globex"), "q"));
    assertTrue(tier().remove(ACME, " q"));
    assertEquals(Optional.empty(), tier().find(ACME, "q"));
    assertFalse(tier().remove(ACME, "q"));
    assertEquals(Optional.of(Answer.text("b")), tier().find(ACME, "other"));
  }

  @Test
  void find_afterItsTime_misses() {
    assertTrue(tier().store(ACME, "long", Answer.text("a"), HOUR));
    assertTrue(tier().store(ACME, "short", Answer.text("b"), SHORT));
    expire("short");
    assertEquals(Optional.of(Answer.text("a")), tier().find(ACME, "long"));
    assertFalse(tier().remove(ACME, "short"));
  }

  @Test
  void store_sameText_replacesTheTime() {
    assertTrue(tier().store(ACME, "q", Answer.text("old"), SHORT));
    assertTrue(tier().store(ACME, "q", Answer.text("new"), HOUR));
    assertTrue(tier().store(ACME, "witness", Answer.text("w"), SHORT));
    expire("witness");
    assertEquals(Optional.of(Answer.text("new")), tier().find(ACME, "q"));
  }

  private void expire(String text) {
    advance(SHORT);
    long start = System.nanoTime();
    while (tier().find(ACME, text).isPresent()) {
      assertTrue(System.nanoTime() - start < EXPIRY_WAIT_NANOS, "'" + text + "' did not expire");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void allCalls_fromManyThreads_giveOnlyWhatWasStoredThere() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    List<Future<Integer>> hits = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        Random random = new Random(seed + i);
        hits.add(threads.submit(() -> callAtRandom(random, 300)));
      }
    }
    int hitCount = 0;
    for (Future<Integer> hit : hits) {
      hitCount += hit.get();
    }
    assertTrue(hitCount > 0, "no hit at all, seed " + seed);
  }

  private int callAtRandom(Random random, int callCount) {
    int hitCount = 0;
    for (int i = 0; i < callCount; i++) {
      Scope scope = Scope.tenant("t" + random.nextInt(4));
      String text = "q" + random.nextInt(4);
      String owner = scope.tenant() + "/" + text + "/";
      switch (random.nextInt(8)) {
        case 0 -> tier().remove(scope, text);
        case 1, 2 -> tier().store(scope, text, Answer.text(owner + random.nextLong()), HOUR);
        default -> {
          Optional<Answer> found = tier().find(scope, text);
          found.ifPresent(answer -> assertTrue(answer.text().startsWith(owner), answer::text));
          hitCount += found.isPresent() ? 1 : 0;
        }
      }
    }
    return hitCount;
  }
}
