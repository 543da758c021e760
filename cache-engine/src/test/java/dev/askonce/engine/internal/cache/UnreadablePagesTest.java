package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages of mapped files that cannot be read any more, as after an error of the disk: the files are
 * cut off under the cache. It costs answers and puts, never an exception.
 */
class UnreadablePagesTest {
  private static final Scope ACME = Scope.tenant("acme").with("model", "m");
  private static final int ENTRIES = 300;

  /** Often enough that all is compiled by the second compiler. */
  private static final int ROUNDS = 10_000;

  @TempDir Path directory;

  private LocalSemanticCache cache;
  private final List<float[]> vectors = new ArrayList<>();
  private final List<Path> cut = new ArrayList<>();
  private final List<Long> lengths = new ArrayList<>();

  @BeforeEach
  void open() {
    CacheHouse house = new CacheHouse(directory);
    cache = house.open();
    Random random = new Random(1);
    for (int i = 0; i < ENTRIES; i++) {
      float[] vector = new float[FakeEmbedder.DIMENSION];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      vectors.add(vector);
      cache.put(ACME, vector, Answer.text("answer " + i), PutOptions.DEFAULTS);
      cache.put(ACME, "question " + i, Answer.text("answer " + i));
    }
  }

  @AfterEach
  void close() throws IOException {
    for (int i = 0; i < cut.size(); i++) {
      setLength(cut.get(i), lengths.get(i));
    }
    cache.close();
  }

  private static void setLength(Path file, long length) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(length);
    }
  }

  private void cutOff(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList()) {
        cut.add(file);
        lengths.add(Files.size(file));
        setLength(file, 0);
      }
    }
    assertTrue(!cut.isEmpty(), "no files " + prefix);
  }

  private void useIt() {
    Candidates found = new Candidates();
    for (int i = 0; i < ROUNDS; i++) {
      float[] vector = vectors.get(i % ENTRIES);
      assertEquals(
          MissReason.UNVERIFIED,
          cache.lookup(ACME, vector, LookupOptions.DEFAULTS).missReason().orElseThrow());
      cache.nearest(ACME, vector, 0.5f, 4, found);
      assertEquals(0, found.count());
    }
    for (int i = 0; i < 50; i++) {
      assertEquals(Optional.empty(), cache.put(ACME, "another " + i, Answer.text("another")));
    }
    assertEquals(50, cache.stats().putsDropped());
  }

  @Test
  void vectors_unreadable_costAnswers() throws IOException {
    cutOff("vectors");
    useIt();
    // The vectors cannot be erased: to say that they are gone would be a lie.
    assertThrows(CacheException.StoreUnavailable.class, () -> cache.invalidateScope(ACME));
  }

  @Test
  void records_unreadable_costAnswers() throws IOException {
    cutOff("slots");
    for (int i = 0; i < ROUNDS; i++) {
      assertEquals(
          MissReason.UNVERIFIED,
          cache.lookup(ACME, "question " + i % ENTRIES).missReason().orElseThrow());
    }
    useIt();
    // Nor can it be told which entries are meant.
    assertThrows(CacheException.StoreUnavailable.class, () -> cache.invalidateProvenance("x"));
  }
}
