package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.Scope;
import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that were kept at a close and are used at the next opening. */
class GraphSnapshotTest {
  private static final Scope LARGE = Scope.tenant("large");
  private static final Scope OTHER = Scope.tenant("other");
  private static final Scope SMALL = Scope.tenant("small");
  private static final int COUNT = 4_000;
  private static final float SAME = 0.999f;

  @TempDir Path root;

  private final Random random = TestSeed.random("GraphSnapshotTest", 61);
  private final List<float[]> vectors = new ArrayList<>();
  private Path directory;
  private CacheHouse house;

  @BeforeEach
  void build() {
    directory = root.resolve("store");
    house = new CacheHouse(directory);
    house.entriesMax = 20_000;
    for (int i = 0; i < 2 * COUNT; i++) {
      // Every tenth lies so near to the one before that both share a node.
      float[] vector =
          i % 10 == 9
              ? TestSeed.near(random, vectors.get(i - 1), 0.99999)
              : TestSeed.unitVector(random, FakeEmbedder.DIMENSION);
      vectors.add(vector);
    }
  }

  private void put(LocalSemanticCache cache, Scope scope, int from, int to) {
    cache.putAll(
        IntStream.range(from, to)
            .mapToObj(i -> BulkEntry.of(scope, vectors.get(i), Answer.text(scope + " " + i)))
            .iterator(),
        1);
  }

  private LocalSemanticCache filled() {
    LocalSemanticCache cache = house.open();
    put(cache, LARGE, 0, COUNT);
    put(cache, OTHER, 0, COUNT / 2 + 500);
    put(cache, SMALL, 0, 100);
    cache.settle();
    return cache;
  }

  private Path snapshot() {
    return directory.resolve("graph.snap");
  }

  /** {@return how many vectors find an entry of their scope that is nearly the same} */
  private int found(LocalSemanticCache cache, Scope scope, int from, int to) {
    Candidates candidates = new Candidates();
    int found = 0;
    for (int i = from; i < to; i++) {
      cache.nearest(scope, vectors.get(i), SAME, 1, candidates);
      found += candidates.count();
    }
    return found;
  }

  private void requireFound(LocalSemanticCache cache, Scope scope, int from, int to) {
    int found = found(cache, scope, from, to);
    assertTrue(found >= to - from - 2, found + " of " + (to - from));
  }

  private void requireAll(LocalSemanticCache cache) {
    requireFound(cache, LARGE, 0, COUNT);
    requireFound(cache, OTHER, 0, COUNT / 2 + 500);
    requireFound(cache, SMALL, 0, 100);
  }

  /** {@return whether lookups would be answered with nothing linked since the opening} */
  private static boolean isLinked(LocalSemanticCache cache) {
    return cache.stats().bytesInMemory() > 0 && cache.stats().entriesUnlinked() == 0;
  }

  @Test
  void reopen_graphsOfLastClose_areThereWithoutLinking() {
    filled().close();
    assertTrue(Files.exists(snapshot()));
    try (LocalSemanticCache cache = house.open()) {
      assertTrue(isLinked(cache));
      assertEquals(COUNT + COUNT / 2 + 500 + 100, cache.stats().entries());
      requireAll(cache);
      cache.check();
      cache.settle();
      requireAll(cache);
      cache.check();
      // Links, joins and sweeps go on from there.
      put(cache, LARGE, COUNT, 2 * COUNT);
      cache.invalidateScope(OTHER);
      cache.settle();
      cache.check();
      requireFound(cache, LARGE, 0, 2 * COUNT);
    }
    try (LocalSemanticCache cache = house.open()) {
      requireFound(cache, LARGE, 0, 2 * COUNT);
      cache.settle();
      cache.check();
      assertEquals(0, found(cache, OTHER, 0, 200));
    }
  }

  @Test
  void reopen_graphsOlderThanStore_loseWhatIsGoneAndGetWhatIsNew() throws IOException {
    filled().close();
    Path old = root.resolve("old");
    Files.copy(snapshot(), old);
    try (LocalSemanticCache cache = house.open()) {
      // Slots of one scope are used again by another, and a scope with a graph vanishes.
      cache.invalidateScope(OTHER);
      cache.settle();
      put(cache, SMALL, COUNT, COUNT + 1_000);
      put(cache, LARGE, COUNT, COUNT + 500);
      cache.settle();
    }
    Files.delete(snapshot());
    Files.copy(old, snapshot());
    try (LocalSemanticCache cache = house.open()) {
      requireFound(cache, LARGE, 0, COUNT + 500);
      requireFound(cache, SMALL, COUNT, COUNT + 1_000);
      assertEquals(0, found(cache, OTHER, 0, 500));
      cache.settle();
      cache.check();
      requireFound(cache, LARGE, 0, COUNT + 500);
      requireFound(cache, SMALL, 0, 100);
      requireFound(cache, SMALL, COUNT, COUNT + 1_000);
      assertEquals(0, found(cache, OTHER, 0, 500));
    }
  }

  @Test
  void reopen_graphsOfAnotherStore_areNotUsed() throws IOException {
    filled().close();
    Path other = root.resolve("other.snap");
    Files.move(snapshot(), other);
    directory = root.resolve("second");
    house = new CacheHouse(directory);
    house.entriesMax = 20_000;
    filled().close();
    Files.delete(snapshot());
    Files.move(other, snapshot());
    try (LocalSemanticCache cache = house.open()) {
      assertFalse(isLinked(cache));
      cache.settle();
      requireAll(cache);
      cache.check();
    }
  }

  /** Searches go through damaged blocks, and removals too, before they are found damaged. */
  @Test
  void reopen_damagedBlocks_costRecallUntilEntriesAreLinkedAnew() throws IOException {
    filled().close();
    byte[] whole = Files.readAllBytes(snapshot());
    for (int round = 0; round < 3; round++) {
      Files.write(snapshot(), whole);
      damage(snapshot(), whole.length / 2, whole.length, round == 2 ? 20_000 : 200);
      try (LocalSemanticCache cache = house.open()) {
        found(cache, LARGE, 0, COUNT);
        found(cache, OTHER, 0, COUNT / 2);
        cache.settle();
        cache.check();
        requireAll(cache);
        Files.delete(snapshot());
      }
    }
  }

  @Test
  void reopen_damagedTablesOrShortFile_linksAnew() throws IOException {
    filled().close();
    byte[] whole = Files.readAllBytes(snapshot());
    for (int cut : new int[] {0, 1, 4_095, 4_096, 20_000, whole.length - 1}) {
      Files.write(snapshot(), cut == 0 ? whole : java.util.Arrays.copyOf(whole, cut));
      if (cut == 0) {
        damage(snapshot(), 0, 50_000, 1);
      }
      try (LocalSemanticCache cache = house.open()) {
        assertFalse(isLinked(cache));
        requireFound(cache, LARGE, 0, 300);
      }
    }
  }

  private void damage(Path file, int from, int to, int bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      for (int i = 0; i < bytes; i++) {
        long at = random.nextInt(from, to);
        open.seek(at);
        int old = open.read();
        open.seek(at);
        open.write(old ^ 1 << random.nextInt(8));
      }
    }
  }

  /** Checksums that hold say who wrote the tables, not that they can be right. */
  @Test
  void reopen_tablesWithNumbersThatNothingHas_linksAnew() throws IOException {
    filled().close();
    byte[] whole = Files.readAllBytes(snapshot());
    ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int nodes = header.getInt(20);
    int slots = header.getInt(24);
    int graphs = 4096 + 8 * ((nodes + 4095) / 4096);
    int pivots = graphs + 24 * header.getInt(28);
    int nodeGraphs = pivots + 4 * header.getInt(48);
    int slotNodes = nodeGraphs + 4 * nodes;
    int slotNexts = slotNodes + 4 * slots;
    int end = slotNexts + 8 * slots;
    for (int at : new int[] {graphs + 20, pivots, nodeGraphs, slotNodes, slotNexts}) {
      for (int value : new int[] {-7, 0x7FFFFFFF}) {
        byte[] forged = whole.clone();
        ByteBuffer bytes = ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(at, value);
        bytes.putLong(56, LongHashFunction.xx3().hashBytes(forged, 4096, end - 4096));
        bytes.putLong(4088, LongHashFunction.xx3().hashBytes(forged, 0, 4088));
        Files.write(snapshot(), forged);
        try (LocalSemanticCache cache = house.open()) {
          assertFalse(isLinked(cache), value + " at " + at);
          requireFound(cache, LARGE, 0, 100);
        }
      }
    }
  }
}
