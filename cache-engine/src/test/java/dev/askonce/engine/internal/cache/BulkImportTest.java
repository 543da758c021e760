package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.internal.index.ScopeIndex;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkImportTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final Scope OTHER = Scope.tenant("zeta");
  private static final Answer ANSWER = Answer.text("so");

  @TempDir Path directory;
  private CacheHouse house;

  @BeforeEach
  void build() {
    house = new CacheHouse(directory);
    house.entriesMax = 16_384;
  }

  private static Iterator<BulkEntry> vectors(Scope scope, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> BulkEntry.of(scope, FakeEmbedder.vector("text" + i), ANSWER))
        .iterator();
  }

  @Test
  void putAll_severalThreads_storesAndLinksAll() {
    int count = 3 * ScopeIndex.PROMOTE_AT;
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(count, cache.putAll(vectors(SCOPE, count), 3));
      assertEquals(100, cache.putAll(vectors(OTHER, 100), 1));
      assertEquals(count + 100, cache.stats().entries());
      assertEquals(0, cache.stats().entriesUnlinked());
      assertTrue(cache.stats().bytesInMemory() > 0);
      cache.check();
      cache.stopEarly(false);
      Candidates found = new Candidates();
      int lost = 0;
      for (int i = 0; i < count; i++) {
        cache.nearest(SCOPE, FakeEmbedder.vector("text" + i), 0.999f, 1, found);
        lost += found.count() == 0 ? 1 : 0;
      }
      assertTrue(lost <= count / 100, lost + " of " + count + " are not found");
    }
  }

  @Test
  void putAll_texts_areFoundByText() {
    List<BulkEntry> entries =
        List.of(BulkEntry.of(SCOPE, "one", ANSWER), BulkEntry.of(SCOPE, "two", ANSWER));
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(2, cache.putAll(entries.iterator(), 2));
      assertTrue(cache.lookup(SCOPE, "two").isHit());
      assertFalse(cache.lookup(OTHER, "two").isHit());
    }
  }

  @Test
  void putAll_iteratorThrows_isThrownAndWhatWasStoredStays() {
    Iterator<BulkEntry> entries = vectors(SCOPE, 10);
    Iterator<BulkEntry> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public BulkEntry next() {
            return entries.next();
          }
        };
    try (LocalSemanticCache cache = house.open()) {
      assertThrows(NoSuchElementException.class, () -> cache.putAll(broken, 2));
      assertEquals(10, cache.stats().entries());
      cache.check();
    }
  }

  @Test
  void putAll_wrongArguments_areRefused() {
    try (LocalSemanticCache cache = house.open()) {
      assertThrows(CacheException.InvalidOption.class, () -> cache.putAll(vectors(SCOPE, 1), 0));
      assertThrows(CacheException.InvalidOption.class, () -> cache.putAll(vectors(SCOPE, 1), 65));
      BulkEntry wrong = BulkEntry.of(SCOPE, new float[] {1}, ANSWER);
      assertThrows(
          CacheException.WrongDimension.class, () -> cache.putAll(List.of(wrong).iterator(), 1));
      assertThrows(
          CacheException.InvalidOption.class,
          () ->
              new BulkEntry(
                  SCOPE, Optional.empty(), Optional.empty(), ANSWER, PutOptions.DEFAULTS));
    }
  }
}
