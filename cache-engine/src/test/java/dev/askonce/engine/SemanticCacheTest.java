package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Candidate;
import dev.askonce.engine.spi.DecisionPolicy;
import dev.askonce.engine.spi.Question;
import dev.askonce.engine.spi.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticCacheTest {
  private static final int DIMENSION = 24;
  private static final Scope ACME = Scope.tenant("acme").with("model", "m");

  @TempDir Path directory;

  private SemanticCache open() {
    return SemanticCache.at(directory).vectors(DIMENSION, "test").entriesMax(1000).open();
  }

  private static float[] vector(int seed) {
    Random random = new Random(seed);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  @Test
  void open_policyOfAnotherEmbedder_isRefused() {
    DecisionPolicy choosy =
        new DecisionPolicy() {
          @Override
          public boolean accepts(String embedderFingerprint) {
            return embedderFingerprint.equals("mine");
          }

          @Override
          public float floor(float threshold) {
            return threshold;
          }

          @Override
          public Verdict judge(Question question, Candidate candidate) {
            return Verdict.SERVE;
          }
        };
    SemanticCacheBuilder builder = SemanticCache.at(directory).policy(choosy);
    assertThrows(CacheException.InvalidOption.class, builder.vectors(8, "yours")::open);
    builder.vectors(8, "mine").open().close();
  }

  @Test
  void open_directoryOfSomethingElse_isRefusedAndUntouched() throws IOException {
    Path thesis = directory.resolve("thesis.txt");
    Files.writeString(thesis, "years of work");
    assertThrows(CacheException.StoreUnavailable.class, this::open);
    assertEquals("years of work", Files.readString(thesis));
    Files.delete(thesis);
    open().close();
    Files.writeString(thesis, "beside a store it stays, too");
    open().close();
    assertTrue(Files.exists(thesis));
  }

  @Test
  void open_damagedSecret_isFoundAndStartsEmpty() throws IOException {
    try (SemanticCache cache = open()) {
      cache.put(ACME, vector(1), Answer.text("one"), PutOptions.DEFAULTS);
    }
    flip("SECRET", 7);
    StoreReport report = SemanticCache.check(directory);
    assertEquals(StoreReport.Condition.DAMAGED, report.condition());
    try (SemanticCache cache = open()) {
      assertEquals(0, cache.stats().entries());
    }
  }

  @Test
  void lookup_lockLeftInAnAnswerFile_missesWithoutWaitingEachTimeAndIsMended() throws IOException {
    try (SemanticCache cache = open()) {
      for (int i = 0; i < 40; i++) {
        cache.put(ACME, vector(i), Answer.text("answer " + i), PutOptions.DEFAULTS);
      }
    }
    // The lock words of the first segment, as a process killed inside a write may leave them.
    flip("answers-00000.cm", 4100);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          try (SemanticCache cache = open()) {
            for (int i = 0; i < 40; i++) {
              Lookup lookup = cache.lookup(ACME, vector(i), LookupOptions.DEFAULTS);
              assertTrue(
                  lookup.isHit() || lookup.missReason().orElseThrow() == MissReason.READ_TIMEOUT);
            }
          }
        });
    try (SemanticCache cache = open()) {
      for (int i = 0; i < 40; i++) {
        Lookup lookup = cache.lookup(ACME, vector(i), LookupOptions.DEFAULTS);
        assertEquals("answer " + i, lookup.answer().orElseThrow().text());
      }
    }
  }

  private void flip(String file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(file));
    bytes[at] ^= (byte) 0xFF;
    Files.write(directory.resolve(file), bytes);
  }
}
