package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.base.Memory;
import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotRecordTest {
  private static final int DIMENSION = 24;
  private static final UUID STORE = new UUID(11, 12);

  @TempDir Path directory;

  private EntryTable table;
  private SlotRecord record;

  @BeforeEach
  void open() throws IOException {
    table = new EntryTable(directory, STORE, DIMENSION, 16);
    table.grow();
    record = new SlotRecord(table);
  }

  @AfterEach
  void close() {
    table.close();
  }

  private static float[] vector(int number) {
    return TestSeed.unitVector(new Random(number), DIMENSION);
  }

  private SlotRecord publish(int slot, int number) {
    SlotRecord fields =
        new SlotRecord(table)
            .set(
                new EntryId(7, number),
                new Hash128(number, 2),
                new Hash128(3, number),
                4,
                5,
                1_000,
                2_000,
                6,
                0b11)
            .setFrames(70, 80, 9);
    fields.publish(slot, vector(number));
    return fields;
  }

  @Test
  void load_publishedRecord_hasEveryField() {
    publish(3, 42);
    assertTrue(record.load(3));
    assertEquals(new EntryId(7, 42), record.id());
    assertEquals(new Hash128(42, 2), record.scope());
    assertTrue(record.isIn(new Hash128(42, 2)));
    assertFalse(record.isIn(new Hash128(42, 3)));
    assertFalse(record.isIn(new Hash128(43, 2)));
    assertEquals(new Hash128(3, 42), record.text());
    assertTrue(record.hasText());
    assertTrue(record.isText(new Hash128(3, 42)));
    assertEquals(4, record.tenant());
    assertEquals(5, record.provenance());
    assertEquals(1_000, record.createdMillis());
    assertEquals(2_000, record.expiresMillis());
    assertEquals(6, record.savedNanos());
    assertEquals(0b11, record.tagBits());
    assertEquals(70, record.answerBytes());
    assertEquals(9, record.shard());
    assertTrue(record.hasVector());
    assertTrue(record.vectorVerifies());
    assertTrue(record.isCurrent());
    assertEquals(SlotRecord.LIVE, SlotRecord.state(record.commit()));
    assertEquals(1, SlotRecord.generation(record.commit()));
  }

  @Test
  void load_unusedSlot_isNotLive() {
    assertFalse(record.load(0));
    assertTrue(record.copy(0));
    assertTrue(record.isFree());
  }

  @Test
  void publish_withoutVector_saysSo() {
    new SlotRecord(table)
        .set(new EntryId(1, 1), new Hash128(1, 1), new Hash128(2, 2), 0, 0, 0, 9, 0, 0)
        .setFrames(1, 1, 0)
        .publish(2, null);
    assertTrue(record.load(2));
    assertFalse(record.hasVector());
    assertFalse(record.vectorVerifies());
  }

  @Test
  void erase_liveRecord_leavesNothingToRead() {
    publish(3, 42);
    assertTrue(record.load(3));
    new SlotRecord(table).erase(3);
    assertFalse(record.isCurrent(), "a reader's copy is out of date");
    assertFalse(record.load(3));
    assertTrue(record.copy(3));
    assertTrue(record.isFree());
    assertEquals(SlotRecord.DEAD, SlotRecord.state(record.commit()));
    for (int at = 8; at < SlotRecord.BYTES; at += 8) {
      assertEquals(0, Memory.getLong(table.slotAddress(3) + at));
    }
  }

  @Test
  void load_anyBitOfTheRecordFlipped_isRefused() {
    publish(5, 1);
    long address = table.slotAddress(5);
    for (int bit = 0; bit < SlotRecord.BYTES * 8; bit++) {
      long word = address + bit / 64 * 8;
      Memory.putLong(word, Memory.getLong(word) ^ 1L << bit % 64);
      assertFalse(record.load(5), "bit " + bit);
      Memory.putLong(word, Memory.getLong(word) ^ 1L << bit % 64);
      assertTrue(record.load(5));
    }
  }

  @Test
  void vectorVerifies_anyBitOfTheVectorFlipped_isFalse() {
    publish(5, 1);
    long address = table.vectorAddress(5);
    for (int bit = 0; bit < DIMENSION * 32; bit++) {
      long word = address + bit / 32 * 4;
      Memory.putInt(word, Memory.getInt(word) ^ 1 << bit % 32);
      assertTrue(record.load(5));
      assertFalse(record.vectorVerifies(), "bit " + bit);
      Memory.putInt(word, Memory.getInt(word) ^ 1 << bit % 32);
      assertTrue(record.vectorVerifies());
    }
  }

  /** Random damage of several bytes, as a torn or misdirected page makes it. */
  @Test
  void load_randomBytesOverwritten_isRefused() {
    Random random = TestSeed.random("SlotRecordTest", 3);
    byte[] before = new byte[SlotRecord.BYTES];
    for (int round = 0; round < 2_000; round++) {
      int slot = random.nextInt(16);
      publish(slot, round);
      Memory.copyOut(table.slotAddress(slot), before, before.length);
      byte[] after = before.clone();
      int from = random.nextInt(after.length);
      for (int i = from; i < Math.min(after.length, from + 1 + random.nextInt(24)); i++) {
        after[i] = (byte) random.nextInt();
      }
      Memory.copyIn(after, after.length, table.slotAddress(slot));
      assertEquals(Arrays.equals(before, after), record.load(slot), "round " + round);
      Memory.copyIn(before, before.length, table.slotAddress(slot));
    }
  }

  @Test
  void load_recordsOfTwoSlotsSwapped_refusesBoth() {
    publish(1, 1);
    publish(2, 2);
    swap(table.slotAddress(1), table.slotAddress(2), SlotRecord.BYTES);
    assertFalse(record.load(1));
    assertFalse(record.load(2));
  }

  @Test
  void vectorVerifies_vectorsOfTwoSlotsSwapped_refusesBoth() {
    publish(1, 1);
    publish(2, 2);
    swap(table.vectorAddress(1), table.vectorAddress(2), DIMENSION * Float.BYTES);
    assertTrue(record.load(1));
    assertFalse(record.vectorVerifies());
    assertTrue(record.load(2));
    assertFalse(record.vectorVerifies());
  }

  private static void swap(long a, long b, int bytes) {
    byte[] first = new byte[bytes];
    byte[] second = new byte[bytes];
    Memory.copyOut(a, first, bytes);
    Memory.copyOut(b, second, bytes);
    Memory.copyIn(first, bytes, b);
    Memory.copyIn(second, bytes, a);
  }

  @Test
  void load_staleGeneration_isRefused() {
    publish(4, 1);
    byte[] stale = new byte[SlotRecord.BYTES];
    byte[] staleVector = new byte[DIMENSION * Float.BYTES];
    Memory.copyOut(table.slotAddress(4), stale, stale.length);
    Memory.copyOut(table.vectorAddress(4), staleVector, staleVector.length);
    publish(4, 2);
    assertTrue(record.load(4));
    assertEquals(2, SlotRecord.generation(record.commit()));

    // The new commit word with the old record, as a lost write of the record's second line.
    Memory.copyIn(stale, stale.length, table.slotAddress(4));
    Memory.putLong(table.slotAddress(4), record.commit());
    assertFalse(record.load(4));

    // The new record with the old vector, as a lost write of the vector's page.
    publish(4, 3);
    Memory.copyIn(staleVector, staleVector.length, table.vectorAddress(4));
    assertTrue(record.load(4));
    assertFalse(record.vectorVerifies());
  }

  @Test
  void load_sameBytesInAnotherStore_isRefused() throws IOException {
    publish(4, 1);
    table.force();
    table.close();
    table = new EntryTable(directory, new UUID(11, 13), DIMENSION, 16);
    table.grow();
    record = new SlotRecord(table);
    assertFalse(record.load(4));
    table.close();
    table = new EntryTable(directory, STORE, DIMENSION, 16);
    table.grow();
    record = new SlotRecord(table);
    assertTrue(record.load(4));
    assertTrue(record.vectorVerifies());
  }

  @Test
  void load_recordBeingRewritten_isWholeOrRefused() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  SlotRecord eraser = new SlotRecord(table);
                  for (int i = 0; !stop.get(); i++) {
                    publish(6, i & 0xFF);
                    if (i % 3 == 0) {
                      eraser.erase(6);
                    }
                  }
                });
    int whole = 0;
    try {
      for (int i = 0; i < 200_000 || whole == 0; i++) {
        if (record.load(6)) {
          whole++;
          assertEquals(record.scopeHigh(), record.id().sequence());
          assertEquals(record.textLow(), record.id().sequence());
        }
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  @Test
  void vectorStride_anyDimension_isWholeLinesButNoPages() {
    for (int dimension = 8; dimension <= 4096; dimension++) {
      long stride = EntryTable.vectorStride(dimension);
      assertTrue(stride >= (long) dimension * Float.BYTES);
      assertEquals(0, stride % 64);
      assertTrue(stride % 4096 != 0);
    }
  }

  @Test
  void grow_moreSegments_keepsAddressesAndIsReadBack() throws IOException {
    publish(15, 1);
    long address = table.slotAddress(15);
    table.grow();
    assertEquals(32, table.capacity());
    assertEquals(address, table.slotAddress(15));
    publish(16, 2);
    publish(31, 3);
    table.close();
    table = new EntryTable(directory, STORE, DIMENSION, 16);
    table.grow();
    table.grow();
    record = new SlotRecord(table);
    for (int[] slotAndNumber : new int[][] {{15, 1}, {16, 2}, {31, 3}}) {
      assertTrue(record.load(slotAndNumber[0]));
      assertEquals(slotAndNumber[1], record.sequence());
      assertTrue(record.vectorVerifies());
    }
  }
}
