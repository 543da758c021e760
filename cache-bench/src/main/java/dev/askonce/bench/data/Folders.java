package dev.askonce.bench.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Directories of work that come and go as a whole. */
public final class Folders {
  private Folders() {}

  /** A directory that somebody works in; deleted when closed, unless it was asked for by name. */
  public static final class Work implements AutoCloseable {
    private final Path path;
    private final Thread hook = new Thread(this::deleteQuietly);
    private volatile boolean kept;

    private Work(Path path, boolean kept) {
      this.path = path;
      this.kept = kept;
      Runtime.getRuntime().addShutdownHook(hook);
    }

    public Path path() {
      return path;
    }

    /** Lets it be: somebody wants to look at what is in it. */
    public void keep() {
      kept = true;
    }

    private void deleteQuietly() {
      try {
        delete();
      } catch (IOException e) {
        System.err.println("askonce: " + path + " is left: " + e);
      }
    }

    private void delete() throws IOException {
      if (!kept) {
        Folders.delete(path);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // This process is ending: the hook does it.
        return;
      }
      delete();
    }
  }

  /**
   * {@return an empty directory: the wanted one, made where it is missing, or a temporary one}
   *
   * @throws InputException if the wanted one is not empty or no directory
   */
  public static Work work(Optional<Path> wanted, String temporaryName) throws IOException {
    if (wanted.isEmpty()) {
      return new Work(Files.createTempDirectory(temporaryName), false);
    }
    Path path = wanted.get();
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new InputException(path + " is not a directory");
    }
    Files.createDirectories(path);
    try (Stream<Path> files = Files.list(path)) {
      if (files.findAny().isPresent()) {
        throw new InputException(path + " is not empty");
      }
    }
    return new Work(path, true);
  }

  /** Deletes a directory, if it is there, with all that is in it; or a file. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
