package dev.askonce.engine.internal.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * What must have reached the disk before something else may. A fault campaign can watch it, as it
 * can {@link CrashPoint}; in service that costs nothing.
 */
public final class Disk {
  private static final boolean DIRECTORIES_OPEN =
      !System.getProperty("os.name").startsWith("Windows");

  private static volatile Consumer<Path> watcher = path -> {};

  private Disk() {}

  /** Sets who is told of each file and directory that was forced, on the thread that did it. */
  public static void watch(Consumer<Path> newWatcher) {
    if (!CrashPoint.WATCHED) {
      throw new IllegalStateException("start the process with -Daskonce.crashPoints=true");
    }
    watcher = newWatcher;
  }

  /** Says that all of a file, or of a directory's names, is on the disk. */
  public static void forced(Path path) {
    if (CrashPoint.WATCHED) {
      watcher.accept(path);
    }
  }

  /** Writes all of a file to the disk, what was changed through a mapping included. */
  public static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    forced(file);
  }

  /** Writes the names in a directory to the disk, where the system lets a directory be opened. */
  public static void forceDirectory(Path directory) throws IOException {
    if (DIRECTORIES_OPEN) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
    forced(directory);
  }
}
