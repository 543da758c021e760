package dev.askonce.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.StoreReport.Condition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that earlier versions wrote are opened, and give what was put into them. */
class GoldenStoreTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void goldenStore_givesEveryAnswer_andGoesOn(GoldenStore golden) throws IOException {
    golden.unpack(directory);
    Path store = directory.resolve("store");
    boolean killed = golden == GoldenStore.KILLED;
    assertEquals(
        killed ? Condition.UNCLEAN : Condition.CLEAN, SemanticCache.check(store).condition());

    try (SemanticCache cache = golden.open(store)) {
      assertEquals(0, cache.stats().entriesUnlinked(), "the graph of the file is used");
      assertEquals(golden.entries, cache.stats().entriesRecovered());
      for (int i = 0; i < golden.entries; i++) {
        assertEquals(
            GoldenStore.answer(i), found(cache, GoldenStore.text(i), HitKind.EXACT), "" + i);
      }
      int first = golden.isEncrypted() ? GoldenStore.REPORTS : 0;
      for (int i = first; i < golden.entries; i += 1 + golden.entries / 100) {
        String similar = GoldenStore.text(i) + "#";
        assertEquals(GoldenStore.answer(i), found(cache, similar, HitKind.SEMANTIC), similar);
      }
      assertFalse(cache.lookup(Scope.tenant("other"), GoldenStore.text(1)).isHit());

      cache.put(GoldenStore.SCOPE, "new", Answer.text("new"));
      assertEquals((golden.entries + 4) / 5, cache.invalidateTag(GoldenStore.TAG));
    }
    try (SemanticCache cache = golden.open(store)) {
      assertEquals(Answer.text("new"), found(cache, "new", HitKind.EXACT));
      assertFalse(cache.lookup(GoldenStore.SCOPE, GoldenStore.text(5)).isHit());
      assertTrue(cache.lookup(GoldenStore.SCOPE, GoldenStore.text(6)).isHit());
      assertEquals(1, cache.invalidateScope(GoldenStore.SCOPE) > 0 ? 1 : 0);
    }
    assertEquals(Condition.CLEAN, SemanticCache.check(store).condition());
  }

  private static Answer found(SemanticCache cache, String text, HitKind kind) {
    Hit hit = cache.lookup(GoldenStore.SCOPE, text).hit().orElseThrow();
    assertEquals(kind, hit.kind(), text);
    return hit.answer();
  }

  @ParameterizedTest
  @EnumSource(names = "ENCRYPTED")
  void goldenFeedback_isKnown(GoldenStore golden) throws IOException {
    golden.unpack(directory);
    try (SemanticCache cache = golden.open(directory.resolve("store"))) {
      for (int i = 0; i < GoldenStore.REPORTS; i++) {
        Lookup apart = cache.lookup(GoldenStore.SCOPE, GoldenStore.text(i) + "#");
        assertEquals(Optional.of("found-wrong"), apart.refusal());
      }
      assertEquals(1, cache.stats().routes().get("route").tightened());
    }
  }
}
