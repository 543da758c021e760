package dev.askonce.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.Answer;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.internal.store.EntryTable;
import dev.askonce.engine.internal.store.SlotRecord;
import dev.askonce.engine.internal.store.Superblock;
import dev.askonce.engine.internal.store.TenantKeys;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption at rest: what is on the disk, who can open it, and how a tenant is forgotten. */
class EncryptionTest {
  private static final Scope ACME = Scope.tenant("acme");
  private static final Scope GLOBEX = Scope.tenant("globex");
  private static final int ENTRIES = 20;

  @TempDir Path root;

  private Path directory;
  private CacheHouse house;

  @BeforeEach
  void build() {
    directory = root.resolve("store");
    house = new CacheHouse(directory);
    house.plainAnswers = false;
    house.encrypt(true);
  }

  private static void fill(LocalSemanticCache cache) {
    for (int i = 0; i < ENTRIES; i++) {
      cache.put(ACME, "a question of acme " + i, Answer.text("an answer to acme " + i));
      cache.put(GLOBEX, "a question of globex " + i, Answer.text("an answer to globex " + i));
    }
  }

  /** {@return how many of a tenant's entries answer, all right} */
  private static int answered(LocalSemanticCache cache, Scope scope) {
    int answered = 0;
    for (int i = 0; i < ENTRIES; i++) {
      Lookup lookup = cache.lookup(scope, "a question of " + scope.tenant() + " " + i);
      String expected = "an answer to " + scope.tenant() + " " + i;
      lookup.answer().ifPresent(answer -> assertEquals(expected, answer.text()));
      answered += lookup.isHit() ? 1 : 0;
    }
    return answered;
  }

  private void fillAndClose() {
    try (LocalSemanticCache cache = house.open()) {
      fill(cache);
    }
  }

  private boolean isOnDisk(String text) throws IOException {
    for (Path file : CacheHouse.files(directory)) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      if (content.contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** A change of a record by somebody who can write the directory and knows the format. */
  private interface Forgery {
    void in(SlotRecord from, SlotRecord to);
  }

  private static Forgery forgery(long[] added) {
    return (from, to) ->
        to.set(
            from.id(),
            from.scope(),
            new Hash128(from.textHigh(), from.textLow() + added[0]),
            from.tenant() + added[1],
            from.provenance() + added[2],
            from.createdMillis() - added[3],
            from.expiresMillis() + added[4],
            from.savedNanos() + added[5],
            from.tagBits() ^ added[6]);
  }

  @Test
  void record_thatWasChanged_opensNoAnswer() throws IOException {
    fillAndClose();
    for (int field = -1; field < 7; field++) {
      Path copy = root.resolve("forged-" + field);
      CacheHouse.copy(directory, copy);
      long[] added = new long[7];
      if (field >= 0) {
        added[field] = 1;
      }
      forge(copy, forgery(added));
      CacheHouse forged = new CacheHouse(copy);
      forged.plainAnswers = false;
      forged.encrypt(true);
      try (LocalSemanticCache cache = forged.open()) {
        int expected = field < 0 ? ENTRIES : 0;
        assertEquals(expected, answered(cache, ACME), "field " + field);
        assertEquals(expected, answered(cache, GLOBEX), "field " + field);
      }
    }
  }

  /** Rewrites every record, its checksum and its vector's included. */
  private static void forge(Path store, Forgery forgery) throws IOException {
    Superblock superblock = Superblock.read(store).superblock().orElseThrow();
    try (EntryTable table =
        new EntryTable(
            store, superblock.uuid(), superblock.dimension(), superblock.segmentSlots())) {
      table.grow();
      SlotRecord from = new SlotRecord(table);
      for (int slot = 0; slot < table.capacity(); slot++) {
        if (from.load(slot)) {
          float[] vector = new float[table.dimension()];
          Memory.copyOut(table.vectorAddress(slot), vector);
          SlotRecord to = new SlotRecord(table);
          forgery.in(from, to);
          to.setFrames(from.answerBytes(), from.cardBytes(), from.shard()).publish(slot, vector);
        }
      }
      table.force();
    }
  }

  @Test
  void encryptedStore_hasNoTextOnDisk() throws IOException {
    for (boolean encrypted : new boolean[] {false, true}) {
      directory = root.resolve("encrypted-" + encrypted);
      house = new CacheHouse(directory);
      house.plainAnswers = false;
      house.encrypt(encrypted);
      fillAndClose();
      assertEquals(!encrypted, isOnDisk("an answer to acme"));
      assertEquals(!encrypted, isOnDisk("a question of acme"));
    }
  }

  @Test
  void encryptedStore_reopened_answers() {
    fillAndClose();
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, answered(cache, ACME));
      assertEquals(ENTRIES, answered(cache, GLOBEX));
      cache.check();
    }
  }

  @Test
  void encryptedStore_withoutItsKey_isRefusedAndLeftAlone() {
    fillAndClose();
    house.encryptionKey = Optional.of(CacheHouse.key((byte) 2));
    assertRefused("another key");
    house.encrypt(false);
    assertRefused("give its key");
    house.encrypt(true);
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, answered(cache, ACME));
    }
  }

  @Test
  void plainStore_withAKey_isRefused() {
    house.encrypt(false);
    fillAndClose();
    house.encrypt(true);
    assertRefused("not encrypted");
  }

  private void assertRefused(String why) {
    Exception refusal = assertThrows(CacheException.Incompatible.class, () -> house.open());
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
  }

  @Test
  void encryptedStore_withoutItsKeyAndStartFresh_isMovedAside() {
    fillAndClose();
    house.encryptionKey = Optional.of(CacheHouse.key((byte) 2));
    house.startFresh = true;
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(0, cache.stats().entries());
      fill(cache);
      assertEquals(ENTRIES, answered(cache, ACME));
    }
  }

  @Test
  void invalidateTenant_makesCopiesOfItsAnswersUnreadable() throws IOException {
    Path before = root.resolve("before");
    try (LocalSemanticCache cache = house.open()) {
      fill(cache);
      cache.force();
    }
    CacheHouse.copy(directory, before);
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, cache.invalidateTenant("acme"));
      assertEquals(0, answered(cache, ACME));
      assertEquals(ENTRIES, answered(cache, GLOBEX));
    }
    // A thief has everything as it was, but for the key.
    Files.copy(
        TenantKeys.file(directory), TenantKeys.file(before), StandardCopyOption.REPLACE_EXISTING);
    try (LocalSemanticCache cache = house.open(before)) {
      assertEquals(ENTRIES, cache.stats().entries());
      assertEquals(0, answered(cache, ACME));
      assertEquals(ENTRIES, answered(cache, GLOBEX));
    }
  }

  @Test
  void tenant_forgotten_comesBackWithANewKey() {
    try (LocalSemanticCache cache = house.open()) {
      fill(cache);
      for (int round = 0; round < 3; round++) {
        cache.invalidateTenant("acme");
        fill(cache);
      }
    }
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, answered(cache, ACME));
      assertEquals(ENTRIES, answered(cache, GLOBEX));
      cache.check();
    }
  }

  @Test
  void everyBitOfTheKeys_flipped_costsEntriesAndNothingElse() throws IOException {
    house.plainAnswers = true;
    fillAndClose();
    byte[] keys = Files.readAllBytes(TenantKeys.file(directory));
    assertEquals(3 * 128, keys.length);
    for (int bit = 0; bit < keys.length * Byte.SIZE; bit += 13) {
      Path copy = root.resolve("bit-" + bit);
      CacheHouse.copy(directory, copy);
      byte[] damaged = keys.clone();
      damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(TenantKeys.file(copy), damaged);
      try (LocalSemanticCache cache = house.open(copy)) {
        int answered = answered(cache, ACME) + answered(cache, GLOBEX);
        assertEquals(bit < 128 * Byte.SIZE ? 0 : ENTRIES, answered, "bit " + bit);
        fill(cache);
        assertEquals(ENTRIES, answered(cache, ACME));
        assertEquals(ENTRIES, answered(cache, GLOBEX));
      }
    }
  }

  @Test
  void keyThatDoesNotVerify_isWipedAtTheOpening() throws IOException {
    fillAndClose();
    byte[] keys = Files.readAllBytes(TenantKeys.file(directory));
    keys[2 * 128 - 1] ^= 1;
    Files.write(TenantKeys.file(directory), keys);
    house.open().close();
    assertArrayEquals(new byte[128], key(1));
  }

  @Test
  void keyOfATenantWithoutEntries_isDestroyedAtTheOpening() throws IOException {
    try (LocalSemanticCache cache = house.open()) {
      fill(cache);
      assertEquals(ENTRIES, cache.invalidateScope(ACME));
    }
    assertFalse(Arrays.equals(new byte[128], key(1)));
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, answered(cache, GLOBEX));
    }
    assertArrayEquals(new byte[128], key(1));
    try (LocalSemanticCache cache = house.open()) {
      assertEquals(ENTRIES, answered(cache, GLOBEX));
    }
  }

  /** {@return the record of a key in its file, of which acme has the first} */
  private byte[] key(int place) throws IOException {
    byte[] keys = Files.readAllBytes(TenantKeys.file(directory));
    return Arrays.copyOfRange(keys, place * 128, (place + 1) * 128);
  }

  @Test
  void check_withoutTheKey_findsDamage() throws IOException {
    fillAndClose();
    StoreReport whole = SemanticCache.check(directory);
    assertEquals(StoreReport.Condition.CLEAN, whole.condition(), whole.findings().toString());
    assertEquals(2 * ENTRIES, whole.entries());

    byte[] keys = Files.readAllBytes(TenantKeys.file(directory));
    keys[128 + 20] ^= 1;
    Files.write(TenantKeys.file(directory), keys);
    StoreReport damaged = SemanticCache.check(directory);
    assertEquals(1, damaged.findings().size());
    assertEquals("KEYS", damaged.findings().getFirst().file());

    Files.delete(TenantKeys.file(directory));
    assertFalse(SemanticCache.check(directory).findings().isEmpty());
  }
}
