package dev.askonce.bench.image;

import dev.askonce.bench.data.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A directory for many small files that live for a moment: in a memory file system where there is
 * one, else where temporary files go. Deleted when closed, or when the JVM is told to end.
 */
public final class MemoryFolder implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final int ENDING_TRIES = 100;

  private final Path path;

  private MemoryFolder(Path path) {
    this.path = path;
  }

  public static MemoryFolder create(String prefix) throws IOException {
    boolean hasMemory = Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
    MemoryFolder folder =
        new MemoryFolder(
            hasMemory
                ? Files.createTempDirectory(MEMORY, prefix)
                : Files.createTempDirectory(prefix));
    Runtime.getRuntime().addShutdownHook(new Thread(folder::deleteAtEnd));
    return folder;
  }

  public Path path() {
    return path;
  }

  /** Child JVMs are being ended too, and may write for a moment more. */
  private void deleteAtEnd() {
    for (int i = 0; i < ENDING_TRIES && Files.exists(path); i++) {
      try {
        close();
      } catch (UncheckedIOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  @Override
  public void close() {
    try {
      Folders.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
