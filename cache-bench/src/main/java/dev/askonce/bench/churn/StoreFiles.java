package dev.askonce.bench.churn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of a store but those of answers and prompts. */
final class StoreFiles {
  private static final int BLOCK_BYTES = 1024;

  private StoreFiles() {}

  /**
   * {@return the bytes that the file system has given to them, holes not counted}
   *
   * @throws IOException if {@code du}, which POSIX has, cannot be run: Java does not tell
   */
  static long allocatedBytes(Path store) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("du", "-k"));
    try (Stream<Path> files = Files.walk(store)) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> !isText(store.relativize(file).getName(0).toString()))
          .forEach(file -> command.add(file.toString()));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("du -k of the store's files failed");
    }
    return output.lines().mapToLong(line -> Long.parseLong(line.split("\\s")[0])).sum()
        * BLOCK_BYTES;
  }

  private static boolean isText(String name) {
    return name.startsWith("answers") || name.startsWith("prompts");
  }
}
