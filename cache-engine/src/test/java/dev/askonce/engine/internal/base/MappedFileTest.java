package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  /** More than one block of zeros, and no multiple of a page. */
  private static final long BYTES = (1 << 20) + 12_346;

  @TempDir Path directory;

  @Test
  void open_missingFile_isWrittenOutWithZeros() throws IOException {
    Path path = directory.resolve("file");
    try (MappedFile file = MappedFile.open(path, BYTES)) {
      assertEquals(BYTES, file.bytes());
      assertEquals(path, file.path());
      for (long at = 0; at + 8 <= BYTES; at += 8) {
        assertEquals(0, Memory.getLong(file.address() + at));
      }
    }
    assertEquals(BYTES, Files.size(path));
  }

  @Test
  void open_again_showsWhatWasWritten() throws IOException {
    Path path = directory.resolve("file");
    try (MappedFile file = MappedFile.open(path, BYTES)) {
      Memory.putLong(file.address() + BYTES - 8, 0x0123456789ABCDEFL);
      file.force();
    }
    byte[] bytes = Files.readAllBytes(path);
    assertEquals(BYTES, bytes.length);
    assertEquals((byte) 0xEF, bytes[bytes.length - 8], "little-endian");
    try (MappedFile file = MappedFile.open(path, BYTES)) {
      assertEquals(0x0123456789ABCDEFL, Memory.getLong(file.address() + BYTES - 8));
    }
    assertEquals(BYTES, Files.size(path));
  }

  @Test
  void open_shorterFile_keepsItsBytesAndIsFilledUp() throws IOException {
    Path path = directory.resolve("file");
    Files.write(path, new byte[] {1, 2, 3, 4});
    try (MappedFile file = MappedFile.open(path, BYTES)) {
      assertEquals(0x0000000004030201L, Memory.getLong(file.address()));
    }
    assertEquals(BYTES, Files.size(path));
  }

  @Test
  void open_longerFile_isRefusedAndUntouched() throws IOException {
    Path path = directory.resolve("file");
    Files.write(path, new byte[4097]);
    IOException refused = assertThrows(IOException.class, () -> MappedFile.open(path, 4096));
    assertTrue(refused.getMessage().contains("4097"), refused.getMessage());
    assertEquals(4097, Files.size(path));
  }
}
