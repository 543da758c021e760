package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.spi.Hash128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackFileTest {
  private static final long SEED = 77;
  private static final int RECORD = 64;
  private static final long TENANT = 8;

  @TempDir Path directory;

  private static Hash128 hash(long number) {
    // Both signs, so that an order by one of them would be seen.
    return new Hash128(number * 0x9E3779B97F4A7C15L, number);
  }

  private FeedbackFile open(int recordsMax) throws IOException {
    return FeedbackFile.open(FeedbackFile.file(directory), SEED, recordsMax);
  }

  @Test
  void records_areThereAfterReopening() throws IOException {
    try (FeedbackFile file = open(100)) {
      assertFalse(Files.exists(FeedbackFile.file(directory)), "made with the first record");
      for (int i = 1; i < 20; i++) {
        assertFalse(file.separates(hash(i), hash(i + 100)));
        assertTrue(file.separate(hash(i), hash(i + 100), TENANT));
        assertFalse(file.separate(hash(i + 100), hash(i), TENANT), "the same pair");
      }
      file.level(hash(1000), 3);
      file.level(hash(1001), 1);
      file.level(hash(1000), 4);
    }
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(FeedbackFile.file(directory))));
    assertEquals(21 * RECORD, Files.size(FeedbackFile.file(directory)));
    try (FeedbackFile file = open(100)) {
      for (int i = 1; i < 20; i++) {
        assertTrue(file.separates(hash(i), hash(i + 100)));
        assertTrue(file.separates(hash(i + 100), hash(i)));
        assertFalse(file.separates(hash(i), hash(i + 101)));
      }
      assertEquals(4, file.level(hash(1000)));
      assertEquals(1, file.level(hash(1001)));
      assertEquals(0, file.level(hash(1)));
      assertEquals(0, file.damaged());
    }
  }

  @Test
  void fullFile_newPairTakesThePlaceOfAnother_neverOfARoute() throws IOException {
    try (FeedbackFile file = open(4)) {
      file.separate(hash(1), hash(2), TENANT);
      file.level(hash(1000), 2);
      file.separate(hash(3), hash(4), TENANT);
      file.separate(hash(5), hash(6), TENANT);
      file.separate(hash(7), hash(8), TENANT);
      assertFalse(file.separates(hash(1), hash(2)));
      file.separate(hash(9), hash(10), TENANT);
      assertFalse(file.separates(hash(3), hash(4)));
      file.level(hash(1001), 1);
      assertFalse(file.separates(hash(5), hash(6)));
    }
    assertEquals(4 * RECORD, Files.size(FeedbackFile.file(directory)));
    try (FeedbackFile file = open(4)) {
      assertTrue(file.separates(hash(7), hash(8)));
      assertTrue(file.separates(hash(9), hash(10)));
      assertEquals(2, file.level(hash(1000)));
      assertEquals(1, file.level(hash(1001)));
    }
  }

  @Test
  void anyBit_flipped_losesThatRecordAloneAndIsReported() throws IOException {
    try (FeedbackFile file = open(100)) {
      file.separate(hash(1), hash(2), TENANT);
      file.level(hash(1000), 2);
    }
    Path path = FeedbackFile.file(directory);
    byte[] whole = Files.readAllBytes(path);
    assertTrue(FeedbackFile.problems(directory, SEED).isEmpty());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path, flipped);
      try (FeedbackFile file = open(100)) {
        boolean first = bit < RECORD * 8;
        assertEquals(!first, file.separates(hash(1), hash(2)), "bit " + bit);
        assertEquals(first ? 2 : 0, file.level(hash(1000)), "bit " + bit);
      }
      assertEquals(1, FeedbackFile.problems(directory, SEED).size());
    }
    Files.write(path, whole);
    assertFalse(FeedbackFile.problems(directory, SEED + 1).isEmpty(), "of another store");
  }

  @Test
  void fullFile_reopened_forgetsTheOldest() throws IOException {
    for (int i = 1; i <= 9; i++) {
      try (FeedbackFile file = open(4)) {
        file.separate(hash(i), hash(i + 100), TENANT);
      }
    }
    try (FeedbackFile file = open(4)) {
      for (int i = 1; i <= 9; i++) {
        assertEquals(i > 5, file.separates(hash(i), hash(i + 100)), "pair " + i);
      }
    }
  }

  @Test
  void forget_tenant_leavesNothingOfItsPairs() throws IOException {
    try (FeedbackFile file = open(10)) {
      file.separate(hash(1), hash(2), TENANT);
      file.separate(hash(3), hash(4), TENANT + 1);
      file.level(hash(1000), 2);
      file.forget(TENANT);
      assertFalse(file.separates(hash(1), hash(2)));
      assertTrue(file.separate(hash(5), hash(6), TENANT + 1), "in its place");
    }
    assertEquals(3 * RECORD, Files.size(FeedbackFile.file(directory)));
    try (FeedbackFile file = open(10)) {
      assertFalse(file.separates(hash(1), hash(2)));
      assertTrue(file.separates(hash(3), hash(4)));
      assertTrue(file.separates(hash(5), hash(6)));
      assertEquals(2, file.level(hash(1000)));
    }
  }

  @Test
  void separate_diskRefuses_isRetried() throws IOException {
    Path path = FeedbackFile.file(directory);
    try (FeedbackFile file = open(10)) {
      Files.createDirectory(path);
      assertThrows(IOException.class, () -> file.separate(hash(1), hash(2), TENANT));
      assertTrue(file.separates(hash(1), hash(2)), "for now");
      Files.delete(path);
      assertFalse(file.separate(hash(1), hash(2), TENANT), "known, and now on the disk");
    }
    try (FeedbackFile file = open(10)) {
      assertTrue(file.separates(hash(1), hash(2)));
    }
  }

  @Test
  void damagedRecord_isWrittenOverNext() throws IOException {
    try (FeedbackFile file = open(10)) {
      file.separate(hash(1), hash(2), TENANT);
      file.separate(hash(3), hash(4), TENANT);
    }
    Path path = FeedbackFile.file(directory);
    byte[] bytes = Files.readAllBytes(path);
    bytes[20]++;
    Files.write(path, bytes);
    try (FeedbackFile file = open(10)) {
      assertEquals(1, file.damaged());
      file.separate(hash(5), hash(6), TENANT);
    }
    assertEquals(2 * RECORD, Files.size(path));
    assertTrue(FeedbackFile.problems(directory, SEED).isEmpty());
  }

  @Test
  void cutFile_keepsWholeRecords_andGoesOn() throws IOException {
    try (FeedbackFile file = open(100)) {
      file.separate(hash(1), hash(2), TENANT);
      file.separate(hash(3), hash(4), TENANT);
    }
    Path path = FeedbackFile.file(directory);
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, java.util.Arrays.copyOf(whole, length));
      try (FeedbackFile file = open(100)) {
        assertEquals(length >= RECORD, file.separates(hash(1), hash(2)));
        assertFalse(file.separates(hash(3), hash(4)));
        assertTrue(file.separate(hash(5), hash(6), TENANT));
      }
      try (FeedbackFile file = open(100)) {
        assertTrue(file.separates(hash(5), hash(6)));
      }
    }
  }
}
