package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.spi.Hash128;
import dev.askonce.engine.spi.Removal;
import dev.askonce.engine.spi.ReplicaEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TombstonesTest {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final Hash128 SCOPE = new Hash128(1, 2);
  private static final Hash128 KEY = new Hash128(3, 4);
  private static final int RECORD = RemovalRecord.BYTES;

  @TempDir Path directory;
  private Path file;
  private long now = 1_000;

  @BeforeEach
  void findFile() {
    file = directory.resolve("REMOVALS");
  }

  private Tombstones open() {
    return Tombstones.open(directory, () -> now);
  }

  private static Removal tag(long name, long version) {
    return Removal.named(Removal.Kind.TAG, name, version);
  }

  private static Map<Removal, Long> all(Tombstones tombstones) {
    Map<Removal, Long> all = new HashMap<>();
    tombstones.forEach(all::put);
    return all;
  }

  private List<Path> asides() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith("aside-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void covers_eachKind_whatMatchesAndIsNotNewer() {
    ReplicaEntry entry = RandomRecords.entry(SCOPE, KEY, 100, 5, 6, 7, 8);
    List<Removal> matching =
        List.of(
            Removal.entry(SCOPE, KEY, 100),
            Removal.scope(SCOPE, 100),
            tag(7, 100),
            tag(8, 100),
            Removal.named(Removal.Kind.TENANT, 5, 100),
            Removal.named(Removal.Kind.PRINCIPAL, 6, 100));
    List<Removal> missing =
        List.of(
            Removal.entry(SCOPE, KEY, 99),
            Removal.entry(SCOPE, SCOPE, 100),
            Removal.entry(KEY, KEY, 100),
            Removal.scope(SCOPE, 99),
            Removal.scope(KEY, 100),
            tag(5, 100),
            tag(8, 99),
            Removal.named(Removal.Kind.TENANT, 6, 100),
            Removal.named(Removal.Kind.TENANT, 5, 99),
            Removal.named(Removal.Kind.PRINCIPAL, 5, 100),
            Removal.named(Removal.Kind.PRINCIPAL, 6, 99));
    for (Removal removal : matching) {
      assertCovers(removal, entry, true);
    }
    for (Removal removal : missing) {
      assertCovers(removal, entry, false);
    }
  }

  private void assertCovers(Removal removal, ReplicaEntry entry, boolean expected) {
    assertEquals(expected, removal.covers(entry));
    try (Tombstones tombstones = open()) {
      assertFalse(tombstones.covers(entry));
      assertTrue(tombstones.add(removal, now + 1));
      assertEquals(expected, tombstones.covers(entry), removal.toString());
      now += 1;
      assertEquals(1, tombstones.tidy());
      assertFalse(tombstones.covers(entry));
    }
  }

  @Test
  void manyRemovals_asAListOfThem_evenAfterReopening() {
    Random random = TestSeed.random("TombstonesTest.manyRemovals_asAListOfThem", 61);
    List<Removal> model = new ArrayList<>();
    Tombstones tombstones = open();
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(100) == 0) {
        tombstones.close();
        tombstones = open();
      }
      if (random.nextInt(10) == 0) {
        Removal removal = removal(random);
        boolean known =
            model.stream()
                .anyMatch(
                    one ->
                        one.version() >= removal.version()
                            && one.equals(withVersion(removal, one.version())));
        assertEquals(!known, tombstones.add(removal, FOREVER));
        model.add(removal);
      }
      ReplicaEntry entry = entry(random);
      assertEquals(
          model.stream().anyMatch(removal -> removal.covers(entry)), tombstones.covers(entry));
      assertEquals(
          model.stream().mapToLong(Removal::version).max().orElse(-1) + 1, tombstones.versionMin());
    }
    tombstones.close();
  }

  private static Removal withVersion(Removal removal, long version) {
    return new Removal(removal.kind(), removal.scope(), removal.key(), removal.name(), version);
  }

  private static Hash128 few(Random random) {
    return new Hash128(random.nextInt(6), 0);
  }

  private static Removal removal(Random random) {
    long version = random.nextInt(100);
    Removal.Kind kind = Removal.Kind.values()[random.nextInt(5)];
    return switch (kind) {
      case ENTRY -> Removal.entry(few(random), few(random), version);
      case SCOPE -> Removal.scope(few(random), version);
      case TAG, TENANT, PRINCIPAL -> Removal.named(kind, random.nextInt(6), version);
    };
  }

  private static ReplicaEntry entry(Random random) {
    return RandomRecords.entry(
        few(random),
        few(random),
        random.nextInt(120),
        random.nextInt(6),
        random.nextInt(6),
        random.nextInt(20),
        random.nextInt(20));
  }

  @Test
  void added_isInTheFileBeforeTheCallReturns() throws IOException {
    Tombstones killed = open();
    assertFalse(Files.exists(file));
    killed.add(Removal.entry(SCOPE, KEY, 7), FOREVER);
    killed.add(tag(1, 2), 5_000);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    // Never closed.
    try (Tombstones reopened = open()) {
      assertEquals(all(killed), all(reopened));
      assertEquals(Map.of(Removal.entry(SCOPE, KEY, 7), FOREVER, tag(1, 2), 5_000L), all(reopened));
      assertEquals(8, reopened.versionMin());
      assertTrue(reopened.force());
    }
  }

  @Test
  void knownRemoval_changesNothingButIsKeptAsLongAsEitherAsks() throws IOException {
    try (Tombstones tombstones = open()) {
      assertTrue(tombstones.add(tag(1, 10), 5_000));
      long length = Files.size(file);
      assertFalse(tombstones.add(tag(1, 10), 5_000));
      assertFalse(tombstones.add(tag(1, 9), 4_000));
      assertEquals(length, Files.size(file));
      assertFalse(tombstones.add(tag(1, 9), 6_000));
      assertTrue(tombstones.add(tag(1, 11), 3_000));
    }
    try (Tombstones reopened = open()) {
      assertEquals(Map.of(tag(1, 11), 6_000L), all(reopened));
    }
  }

  @Test
  void truncatedAnywhere_keepsEveryWholeRecord() throws IOException {
    try (Tombstones tombstones = open()) {
      for (int i = 0; i < 5; i++) {
        tombstones.add(tag(i, i), FOREVER);
      }
    }
    byte[] whole = Files.readAllBytes(file);
    assertEquals(6 * RECORD, whole.length);
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int records = Math.max(0, length / RECORD - 1);
      try (Tombstones reopened = open()) {
        assertEquals(records, reopened.size());
        assertEquals(0, reopened.damaged());
        assertTrue(reopened.add(tag(99, 5), FOREVER));
      }
      try (Tombstones again = open()) {
        assertEquals(records + 1, again.size(), "cut at " + length);
        assertTrue(all(again).containsKey(tag(99, 5)));
      }
    }
    assertEquals(List.of(), asides());
  }

  @Test
  void anyBitChanged_costsItsRecordOnly() throws IOException {
    try (Tombstones tombstones = open()) {
      for (int i = 0; i < 3; i++) {
        tombstones.add(Removal.entry(SCOPE, new Hash128(i, i), i), FOREVER);
      }
    }
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 8 * RECORD; bit < 8 * whole.length; bit++) {
      Files.write(file, RandomRecords.flipped(whole, bit));
      int changed = bit / 8 / RECORD - 1;
      try (Tombstones reopened = open()) {
        assertEquals(2, reopened.size());
        assertEquals(changed < 2 ? 1 : 0, reopened.damaged(), "the last may be a crash's");
        for (int i = 0; i < 3; i++) {
          Removal removal = Removal.entry(SCOPE, new Hash128(i, i), i);
          assertEquals(i != changed, all(reopened).containsKey(removal));
        }
      }
    }
  }

  @Test
  void fileOfSomethingElse_isMovedAside() throws IOException {
    byte[] other = new byte[200];
    Arrays.fill(other, (byte) 'x');
    Files.write(file, other);
    try (Tombstones tombstones = open()) {
      assertEquals(0, tombstones.size());
      assertEquals(1, asides().size());
      assertEquals(200, Files.size(asides().getFirst().resolve("REMOVALS")));
      tombstones.add(tag(1, 1), FOREVER);
    }
    // The same again in the same millisecond.
    Files.write(file, other);
    open().close();
    assertEquals(2, asides().size());
  }

  @Test
  void directoryInTheFilesPlace_isMovedAside() throws IOException {
    Files.createDirectory(file);
    try (Tombstones tombstones = open()) {
      assertTrue(tombstones.add(tag(1, 1), FOREVER));
      assertEquals(0, tombstones.unwritten());
    }
    assertEquals(1, asides().size());
  }

  @Test
  void diskRefuses_isKeptInMemoryAndWrittenWithTheNext() throws IOException {
    // A directory that is not empty can be neither deleted nor written as a file.
    try (Tombstones tombstones = open()) {
      Path blocker = file.resolve("blocker");
      Files.createDirectory(file);
      Files.createFile(blocker);
      assertTrue(tombstones.add(tag(1, 10), FOREVER));
      assertTrue(tombstones.add(tag(2, 20), FOREVER));
      assertTrue(tombstones.covers(RandomRecords.entry(SCOPE, KEY, 10, 0, 0, 1)));
      assertEquals(21, tombstones.versionMin());
      assertEquals(2, tombstones.unwritten());
      assertFalse(tombstones.force());
      assertEquals(3, tombstones.refused());
      Files.delete(blocker);
      Files.delete(file);
      assertTrue(tombstones.add(tag(3, 30), FOREVER));
      assertEquals(0, tombstones.unwritten());
      assertTrue(tombstones.force());
    }
    try (Tombstones reopened = open()) {
      assertEquals(3, reopened.size());
    }
  }

  @Test
  void neitherReadNorMoved_isRefused() throws IOException {
    Files.createDirectory(file);
    assertThrows(
        CacheException.StoreUnavailable.class,
        () ->
            Tombstones.open(
                directory,
                () -> {
                  // The file goes away between the attempt to read it and that to move it.
                  deleteFile();
                  return now;
                }));
  }

  private void deleteFile() {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void timeOver_isForgotten() {
    try (Tombstones tombstones = open()) {
      tombstones.add(tag(1, 100), 2_000);
      tombstones.add(tag(2, 50), 3_000);
      assertEquals(0, tombstones.tidy());
      now = 2_000;
      assertEquals(1, tombstones.tidy());
      assertEquals(Map.of(tag(2, 50), 3_000L), all(tombstones));
      assertEquals(51, tombstones.versionMin());
      assertFalse(tombstones.covers(RandomRecords.entry(SCOPE, KEY, 1, 0, 0, 1)));
    }
    now = 3_000;
    try (Tombstones reopened = open()) {
      assertEquals(0, reopened.size());
      assertEquals(0, reopened.versionMin());
    }
  }

  @Test
  void moreThanHalfGarbage_isRewrittenAndTheRestStays() throws IOException {
    try (Tombstones tombstones = open()) {
      for (int i = 0; i < 10; i++) {
        tombstones.add(tag(i, 5), i < 5 ? 2_000 : FOREVER);
      }
      now = 2_000;
      tombstones.tidy();
      assertEquals(11 * RECORD, Files.size(file), "half is not more than half");
      tombstones.add(tag(9, 6), FOREVER);
      assertEquals(0, tombstones.tidy());
      assertEquals(6 * RECORD, Files.size(file));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertFalse(Files.exists(StoreFiles.unfinished(file)));
      tombstones.add(tag(20, 7), FOREVER);
      assertEquals(7 * RECORD, Files.size(file));
    }
    try (Tombstones reopened = open()) {
      assertEquals(6, reopened.size());
      assertTrue(all(reopened).containsKey(tag(9, 6)));
      assertTrue(all(reopened).containsKey(tag(20, 7)));
    }
  }

  @Test
  void rewriteLeftUnfinishedByAKill_isOfNoConsequence() throws IOException {
    Files.writeString(StoreFiles.unfinished(file), "half of some");
    try (Tombstones tombstones = open()) {
      tombstones.add(tag(1, 1), FOREVER);
      for (int version = 2; version < 10; version++) {
        tombstones.add(tag(1, version), FOREVER);
      }
      tombstones.tidy();
      assertEquals(2 * RECORD, Files.size(file));
      assertFalse(Files.exists(StoreFiles.unfinished(file)));
    }
  }

  @Test
  void rewriteRefusedByTheDisk_leavesTheFileAsItIs() throws IOException {
    Path unfinished = StoreFiles.unfinished(file);
    Files.createDirectory(unfinished);
    Files.createFile(unfinished.resolve("blocker"));
    try (Tombstones tombstones = open()) {
      for (int version = 1; version <= 10; version++) {
        tombstones.add(tag(1, version), FOREVER);
      }
      tombstones.tidy();
      assertEquals(1, tombstones.refused());
      assertEquals(11 * RECORD, Files.size(file));
      assertTrue(tombstones.add(tag(2, 1), FOREVER));
    }
    try (Tombstones reopened = open()) {
      assertEquals(2, reopened.size());
    }
  }

  @Test
  void addedWhileRewriting_areAllThere() throws Exception {
    int threads = 4;
    int each = 500;
    try (Tombstones tombstones = open()) {
      List<Thread> adding = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        long name = t;
        adding.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int i = 1; i <= each; i++) {
                        tombstones.add(tag(name, 3 * i), FOREVER);
                        tombstones.add(tag(name, 3 * i + 1), FOREVER);
                        tombstones.add(tag(name, 3 * i + 2), FOREVER);
                        tombstones.add(tag(name + 1_000L * i, i), FOREVER);
                      }
                    }));
      }
      while (adding.stream().anyMatch(Thread::isAlive)) {
        tombstones.tidy();
        tombstones.force();
      }
      for (Thread thread : adding) {
        thread.join();
      }
      tombstones.tidy();
      assertEquals(0, tombstones.refused());
      assertTrue(Files.size(file) <= 2L * RECORD * (tombstones.size() + 1), "rewritten");
      // Not closed before: as a kill would leave it.
      try (Tombstones reopened = open()) {
        assertTrue(all(tombstones).equals(all(reopened)), "some are lost");
        assertEquals(threads * (each + 1), reopened.size());
        assertEquals(3 * each + 3, reopened.versionMin());
      }
    }
  }

  @Test
  void interruptedCaller_writesAllTheSame() {
    try (Tombstones tombstones = open()) {
      Thread.currentThread().interrupt();
      tombstones.add(tag(1, 1), FOREVER);
      assertTrue(Thread.interrupted());
      tombstones.add(tag(2, 1), FOREVER);
      assertEquals(0, tombstones.unwritten());
    }
    try (Tombstones reopened = open()) {
      assertEquals(2, reopened.size());
    }
  }
}
