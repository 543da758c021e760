package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.StoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store's files that are something else than files. */
class StoreDirectoryTest {
  private static final Scope SCOPE = Scope.tenant("acme");
  private static final float[] VECTOR = {1, 0, 0, 0, 0, 0, 0, 0};

  @TempDir Path root;

  private SemanticCache open(Path store) {
    return SemanticCache.at(store).vectors(VECTOR.length, "test").entriesMax(64).open();
  }

  private List<Path> files(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files.sorted().toList();
    }
  }

  @Test
  void symbolicLinkForAFile_isRefusedAndNotFollowed() throws IOException {
    Path store = root.resolve("store");
    try (SemanticCache cache = open(store)) {
      cache.put(SCOPE, VECTOR, Answer.text("kept"), PutOptions.DEFAULTS);
    }
    assertEquals(7, files(store).size());
    for (Path file : files(store)) {
      Path outside = root.resolve("outside-" + file.getFileName());
      Files.move(file, outside);
      byte[] before = Files.readAllBytes(outside);
      Files.createSymbolicLink(file, outside);
      CacheException refusal =
          assertThrows(CacheException.StoreUnavailable.class, () -> open(store).close());
      assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
      assertArrayEquals(before, Files.readAllBytes(outside), file.toString());
      Files.delete(file);
      Files.move(outside, file);
    }
    try (SemanticCache cache = open(store)) {
      assertTrue(cache.lookup(SCOPE, VECTOR, LookupOptions.DEFAULTS).isHit());
    }
  }

  @Test
  void linkToNothingOrDirectoryForAFile_isRefused() throws IOException {
    Path store = root.resolve("store");
    open(store).close();
    for (Path file : files(store)) {
      Path outside = root.resolve("outside");
      Files.move(file, outside);
      Files.createSymbolicLink(file, root.resolve("nothing"));
      assertThrows(CacheException.StoreUnavailable.class, () -> open(store).close());
      Files.delete(file);
      Files.createDirectory(file);
      assertThrows(CacheException.StoreUnavailable.class, () -> open(store).close());
      Files.delete(file);
      Files.move(outside, file);
    }
    open(store).close();
    assertTrue(Files.notExists(root.resolve("nothing")));
  }

  @Test
  void filesOfAReplication_areTheStoresOwn() throws IOException {
    Path store = root.resolve("store");
    open(store).close();
    long before = SemanticCache.check(store).bytes();
    List<String> names =
        List.of("REMOVALS", "REMOVALS.unfinished", "REPLICATION", "REPLICATION.unfinished");
    for (String name : names) {
      Files.writeString(store.resolve(name), "12345");
    }
    StoreReport report = SemanticCache.check(store);
    assertEquals(StoreReport.Condition.CLEAN, report.condition(), report.findings().toString());
    assertEquals(before + 5 * names.size(), report.bytes());
    open(store).close();
    for (String name : names) {
      assertEquals("12345", Files.readString(store.resolve(name)));
    }

    Files.delete(store.resolve("SECRET"));
    open(store).close();
    Path aside =
        files(store).stream()
            .filter(file -> file.getFileName().toString().startsWith("aside-"))
            .findAny()
            .orElseThrow();
    assertEquals("12345", Files.readString(store.resolve("REMOVALS")));
    for (String name : names.subList(1, names.size())) {
      assertTrue(Files.notExists(store.resolve(name)), name);
      assertEquals("12345", Files.readString(aside.resolve(name)));
    }
  }

  @Test
  void linkForAFileOfAReplication_isRefused() throws IOException {
    Path store = root.resolve("store");
    open(store).close();
    for (String name : List.of("REMOVALS", "REPLICATION")) {
      Path link = Files.createSymbolicLink(store.resolve(name), root.resolve("outside"));
      assertThrows(CacheException.StoreUnavailable.class, () -> open(store).close());
      Files.delete(link);
    }
    open(store).close();
  }
}
