package dev.askonce.bench.corrupt;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Journal;
import java.io.IOException;
import java.nio.file.Path;

/** The child JVM of the campaign. */
final class CorruptChild {
  static final String BITS = "bits";
  static final String SHAPES = "shapes";
  static final String RANDOM = "random";
  static final String GRAPH = "graph";

  /** Behind a phase's name: of its cases each so manieth. */
  static final String EVERY = "/";

  private CorruptChild() {}

  public static void main(String[] args) throws IOException {
    Cases.main(args, CorruptChild::cases);
  }

  static Cases cases(String phase, long seed, Path folder, Journal journal) throws IOException {
    String[] words = phase.split(EVERY);
    Cases all =
        switch (words[0]) {
          case BITS -> new EveryBit(seed, folder, journal);
          case SHAPES -> new Shapes(seed, folder, journal);
          case RANDOM -> new RandomBits(seed, folder, journal);
          case GRAPH -> new GraphBits(seed, folder, journal);
          default -> throw new IllegalArgumentException(phase);
        };
    return words.length == 1 ? all : all.every(Integer.parseInt(words[1]), seed);
  }
}
