package dev.askonce.redis.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path directory;

  private final RandomRecords random = new RandomRecords(TestSeed.random("CheckpointTest", 71));

  private Path file() {
    return directory.resolve("REPLICATION");
  }

  @Test
  void written_readsBackTheSame() throws IOException {
    assertEquals(Optional.empty(), Checkpoint.read(directory));
    for (int scopes : new int[] {0, 1, 1_000, 3}) {
      Checkpoint checkpoint = random.checkpoint(scopes);
      checkpoint.write(directory);
      assertEquals(Optional.of(checkpoint), Checkpoint.read(directory));
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    assertFalse(Files.exists(StoreFiles.unfinished(file())));
  }

  @Test
  void torn_isAbsent() throws IOException {
    random.checkpoint(2).write(directory);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length <= whole.length + 1; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertEquals(length == whole.length, Checkpoint.read(directory).isPresent());
    }
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      Files.write(file(), RandomRecords.flipped(whole, bit));
      assertEquals(Optional.empty(), Checkpoint.read(directory), "bit " + bit);
    }
  }

  @Test
  void killedWhileWriting_theOneBeforeRemains() throws IOException {
    Checkpoint before = random.checkpoint(3);
    before.write(directory);
    Checkpoint after = random.checkpoint(4);
    byte[] bytes = after.encode();
    Files.write(StoreFiles.unfinished(file()), Arrays.copyOf(bytes, bytes.length / 2));
    assertEquals(Optional.of(before), Checkpoint.read(directory));
    after.write(directory);
    assertEquals(Optional.of(after), Checkpoint.read(directory));
  }

  @Test
  void diskRefuses_theOneBeforeRemains() throws IOException {
    Checkpoint before = random.checkpoint(3);
    before.write(directory);
    Path unfinished = StoreFiles.unfinished(file());
    Files.createDirectory(unfinished);
    Files.createFile(unfinished.resolve("blocker"));
    assertThrows(IOException.class, () -> random.checkpoint(1).write(directory));
    assertEquals(Optional.of(before), Checkpoint.read(directory));
  }

  @Test
  void somethingElseInItsPlace_isAbsent() throws IOException {
    Files.createDirectory(file());
    assertEquals(Optional.empty(), Checkpoint.read(directory));
  }
}
