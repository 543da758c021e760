package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.Cases;
import dev.askonce.bench.image.Journal;
import java.io.IOException;
import java.nio.file.Path;

/** The child JVM of the campaign; it needs {@code -Daskonce.crashPoints=true}. */
final class PowerLossChild {
  static final String SUBSETS = "subsets";
  static final String RANDOM = "random";
  static final String CHRONICLE = "chronicle";

  /** Behind {@link #SUBSETS}: of the moments each so manieth. */
  static final String EVERY = "/";

  private PowerLossChild() {}

  public static void main(String[] args) throws IOException {
    Cases.main(args, PowerLossChild::cases);
  }

  private static Cases cases(String phase, long seed, Path folder, Journal journal) {
    String[] words = phase.split(EVERY);
    int every = words.length == 1 ? 1 : Integer.parseInt(words[1]);
    return new Cuts(words[0], every, seed, folder, journal);
  }
}
