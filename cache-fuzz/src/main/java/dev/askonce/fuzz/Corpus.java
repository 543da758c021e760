package dev.askonce.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Inputs that once led somewhere new, of one target. They are kept as text, Base64, an input a
 * line: what comes with the program as a resource, what a longer campaign found in a file.
 */
final class Corpus {
  private Corpus() {}

  /** {@return what comes with the program, a target's own seeds first} */
  static List<byte[]> known(String target) throws IOException {
    List<byte[]> inputs = new ArrayList<>(Targets.make(target).seeds());
    try (InputStream in = Corpus.class.getResourceAsStream("corpus/" + target + ".txt")) {
      if (in != null) {
        decode(new String(in.readAllBytes(), StandardCharsets.US_ASCII), inputs);
      }
    }
    return inputs;
  }

  /** {@return what is in a file, or nothing where there is none} */
  static List<byte[]> read(Path file) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    if (Files.exists(file)) {
      decode(Files.readString(file, StandardCharsets.US_ASCII), inputs);
    }
    return inputs;
  }

  private static void decode(String text, List<byte[]> inputs) {
    text.lines().map(Base64.getDecoder()::decode).forEach(inputs::add);
  }

  /** Writes each input to a file of its own, as the fuzzer reads them. */
  static void unpack(List<byte[]> inputs, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < inputs.size(); i++) {
      Files.write(folder.resolve("known-" + i), inputs.get(i));
    }
  }

  /** Writes the files of a folder into one, the shortest inputs first. */
  static void pack(Path folder, Path file) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path input : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(input));
      }
    }
    inputs.sort(Comparator.comparingInt(input -> input.length));
    Files.write(
        file,
        inputs.stream().map(Base64.getEncoder()::encodeToString).toList(),
        StandardCharsets.US_ASCII);
  }
}
