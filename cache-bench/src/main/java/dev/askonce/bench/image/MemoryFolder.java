package dev.askonce.bench.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for many small files that live for a moment: in a memory file system where there is
 * one, else where temporary files go. Deleted when closed, or when the JVM is told to end.
 */
public final class MemoryFolder implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path path;
  private boolean kept;

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
    Runtime.getRuntime().addShutdownHook(new Thread(folder::close));
    return folder;
  }

  public Path path() {
    return path;
  }

  /** Leaves everything where it is, for whoever wants to look at it. */
  public void keep() {
    kept = true;
  }

  @Override
  public void close() {
    try {
      if (!kept) {
        StoreImage.deleteAll(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
