package dev.askonce.fuzz;

import dev.askonce.bench.image.Cases;
import java.io.IOException;

/** What Jazzer finds by name in a child process: it hands each input to the one target. */
public final class FuzzChild {
  private static Target target;

  private FuzzChild() {}

  /**
   * Makes the target, before the first input.
   *
   * @param args its name
   */
  public static void fuzzerInitialize(String[] args) throws IOException {
    Cases.endWithParent();
    target = Targets.make(args[0]);
  }

  /** Runs one input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    target.run(input);
  }
}
