package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuperblockTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void createFile() throws IOException {
    file = Files.createFile(Superblock.file(directory));
  }

  private static Superblock first() {
    return new Superblock(
        new UUID(1, 2),
        384,
        Superblock.fingerprintOf("model"),
        8192,
        0,
        0,
        true,
        false,
        OptionalLong.of(7),
        10,
        10);
  }

  /** Writes {@code count} blocks, of sequences and epochs from 1. */
  private Superblock write(int count) throws IOException {
    Superblock block = first();
    for (int i = 0; i < count; i++) {
      block = block.next(i % 2 == 1, i + 1, 100 + i);
      block.write(directory);
    }
    return block;
  }

  private long sequenceRead() throws IOException {
    Superblock.Found found = Superblock.read(directory);
    assertEquals(Superblock.Reading.VALID, found.reading());
    return found.superblock().orElseThrow().sequence();
  }

  private void damage(int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  /** Changes a field of one copy and makes its checksum right again. */
  private void rewrite(int copy, int at, long value) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] block = Arrays.copyOfRange(bytes, copy * 4096, copy * 4096 + 4096);
    ByteBuffer out = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    if (at == 8) {
      out.putShort(at, (short) value);
    } else {
      out.putLong(at, value);
    }
    out.putLong(4088, LongHashFunction.xx3().hashBytes(block, 0, 4088));
    System.arraycopy(block, 0, bytes, copy * 4096, 4096);
    Files.write(file, bytes);
  }

  @Test
  void read_whatWasWritten_isEqual() throws IOException {
    Superblock written = write(3);
    Superblock.Found found = Superblock.read(directory);
    Superblock read = found.superblock().orElseThrow();
    assertEquals(0, found.damagedCopies());
    assertEquals(written.uuid(), read.uuid());
    assertEquals(384, read.dimension());
    assertArrayEquals(Superblock.fingerprintOf("model"), read.fingerprint());
    assertEquals(8192, read.segmentSlots());
    assertEquals(3, read.epoch());
    assertEquals(3, read.sequence());
    assertFalse(read.clean());
    assertEquals(10, read.createdMillis());
    assertEquals(102, read.writtenMillis());
    assertEquals(8192, Files.size(file));
  }

  @Test
  void read_noFile_isAbsent() throws IOException {
    Files.delete(file);
    assertEquals(Superblock.Reading.ABSENT, Superblock.read(directory).reading());
  }

  @Test
  void write_firstTime_makesBothCopies() throws IOException {
    write(1);
    assertEquals(0, Superblock.read(directory).damagedCopies());
  }

  @Test
  void write_inTurn_leavesThePreviousCopyAlone() throws IOException {
    Superblock block = write(2);
    for (int i = 0; i < 6; i++) {
      byte[] before = Files.readAllBytes(file);
      int older = (int) ((block.sequence() + 1) & 1) * 4096;
      block = block.next(true, block.epoch(), 0);
      block.write(directory);
      byte[] after = Files.readAllBytes(file);
      int newer = 4096 - older;
      assertTrue(Arrays.equals(before, newer, newer + 4096, after, newer, newer + 4096));
      assertFalse(Arrays.equals(before, older, older + 4096, after, older, older + 4096));
      assertEquals(block.sequence(), sequenceRead());
    }
  }

  @Test
  void read_newestCopyTorn_isTheOlder() throws IOException {
    for (int written : new int[] {4, 5}) {
      Files.write(file, new byte[0]);
      write(written);
      byte[] intact = Files.readAllBytes(file);
      int newest = (written & 1) * 4096;
      for (int at : new int[] {0, 8, 12, 40, 56, 64, 72, 104, 135, 200, 4087, 4088, 4095}) {
        Files.write(file, intact);
        damage(newest + at);
        assertEquals(written - 1, sequenceRead(), "byte " + at);
        assertEquals(1, Superblock.read(directory).damagedCopies());
      }
      // Half of the new block over the old one.
      byte[] torn = intact.clone();
      Arrays.fill(torn, newest, newest + 2048, (byte) 0);
      Files.write(file, torn);
      assertEquals(written - 1, sequenceRead());
    }
  }

  @Test
  void read_olderCopyDamaged_isTheNewest() throws IOException {
    write(4);
    damage(4096 + 60);
    assertEquals(4, sequenceRead());
  }

  @Test
  void write_afterTornNewest_repairsIt() throws IOException {
    write(4);
    damage(60);
    Superblock found = Superblock.read(directory).superblock().orElseThrow();
    found.next(false, 9, 0).write(directory);
    Superblock.Found repaired = Superblock.read(directory);
    assertEquals(0, repaired.damagedCopies());
    assertEquals(9, repaired.superblock().orElseThrow().epoch());
  }

  @Test
  void read_bothCopiesDamaged_isDamaged() throws IOException {
    write(4);
    damage(60);
    damage(4096 + 60);
    Superblock.Found found = Superblock.read(directory);
    assertEquals(Superblock.Reading.DAMAGED, found.reading());
    assertEquals(2, found.damagedCopies());
    assertTrue(found.superblock().isEmpty());
  }

  @Test
  void read_truncatedFile_isDamagedOrTheWholeCopy() throws IOException {
    write(4);
    byte[] intact = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 4095, 4096, 8191}) {
      Files.write(file, Arrays.copyOf(intact, length));
      Superblock.Found found = Superblock.read(directory);
      if (length < 4096) {
        assertEquals(Superblock.Reading.DAMAGED, found.reading());
      } else {
        assertEquals(4, found.superblock().orElseThrow().sequence());
        assertEquals(1, found.damagedCopies());
      }
    }
  }

  @Test
  void read_unknownVersionOrFeature_isForeign() throws IOException {
    for (int[] field : new int[][] {{8, 9}, {24, 1}, {32, 4}}) {
      Files.write(file, new byte[0]);
      write(2);
      rewrite(0, field[0], field[1]);
      rewrite(1, field[0], field[1]);
      assertEquals(
          Superblock.Reading.FOREIGN, Superblock.read(directory).reading(), "field " + field[0]);
    }
  }

  @Test
  void read_unknownCompatibleFeature_isValid() throws IOException {
    write(2);
    rewrite(0, 16, 1);
    rewrite(1, 16, 1);
    assertEquals(2, sequenceRead());
  }

  /**
   * A newer version opened the store and was killed: our older copy no longer says what is true.
   */
  @Test
  void read_newestCopyForeign_isForeign() throws IOException {
    write(4);
    rewrite(0, 8, 9);
    assertEquals(Superblock.Reading.FOREIGN, Superblock.read(directory).reading());
  }

  /** An older version's last words do not count against a store that this one has written since. */
  @Test
  void read_olderCopyForeign_isValid() throws IOException {
    write(4);
    rewrite(1, 8, 9);
    assertEquals(4, sequenceRead());
  }

  /** Lengths of files and arrays are computed from these numbers before anything else is read. */
  @Test
  void read_numbersNoStoreHas_countAsDamage() throws IOException {
    int[] dimensionOffset = {12, 0, -1, 4097, Integer.MAX_VALUE};
    int[] segmentSlotsOffset = {80, 0, -1, 3, 16_384, Integer.MIN_VALUE};
    for (int[] values : new int[][] {dimensionOffset, segmentSlotsOffset}) {
      for (int i = 1; i < values.length; i++) {
        Files.write(file, new byte[0]);
        write(2);
        rewriteInt(0, values[0], values[i]);
        Superblock.Found found = Superblock.read(directory);
        assertEquals(1, found.damagedCopies(), values[0] + ": " + values[i]);
        assertEquals(1, found.superblock().orElseThrow().sequence());
        rewriteInt(1, values[0], values[i]);
        assertEquals(Superblock.Reading.DAMAGED, Superblock.read(directory).reading());
      }
    }
  }

  private void rewriteInt(int copy, int at, int value) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int other = bytes.getInt(copy * 4096 + at + 4);
    rewrite(copy, at, (long) other << 32 | value & 0xFFFFFFFFL);
  }
}
