package dev.askonce.bench.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Directories of work that come and go as a whole. */
public final class Folders {
  private Folders() {}

  /**
   * {@return an empty directory: the wanted one, made where it is missing, or a temporary one}
   *
   * @throws InputException if the wanted one is not empty or no directory
   */
  public static Path createEmpty(Optional<Path> wanted, String temporaryName) throws IOException {
    if (wanted.isEmpty()) {
      return Files.createTempDirectory(temporaryName);
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
    return path;
  }

  /** Deletes a directory, if it is there, with all that is in it. */
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

  /** Deletes what can be deleted; for the end of a process. */
  public static void deleteQuietly(Path directory) {
    try {
      delete(directory);
    } catch (NoSuchFileException e) {
      // Somebody else deletes it too.
    } catch (IOException e) {
      System.err.println("askonce: " + directory + " is left: " + e);
    }
  }
}
