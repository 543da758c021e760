package dev.askonce.bench.powerloss;

import dev.askonce.bench.image.Cases;
import java.io.IOException;

/** The child JVM of the campaign; it needs {@code -Daskonce.crashPoints=true}. */
final class PowerLossChild {
  static final String SUBSETS = "subsets";
  static final String RANDOM = "random";
  static final String CHRONICLE = "chronicle";

  private PowerLossChild() {}

  public static void main(String[] args) throws IOException {
    Cases.main(args, Cuts::new);
  }
}
