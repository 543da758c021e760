package dev.askonce.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's own files. */
final class SourceTree {
  static final Path ROOT = Path.of(System.getProperty("askonce.root"));

  private SourceTree() {}

  /** {@return all Java sources of all modules} */
  static List<Path> java() {
    return files(".java");
  }

  /** {@return README.md and the pages under docs} */
  static List<Path> markdown() {
    return files(".md");
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the path as seen from the project's root, for messages} */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static List<Path> files(String ending) {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> !isGenerated(ROOT.relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isGenerated(Path file) {
    for (Path part : file) {
      if (part.toString().equals("target") || part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
