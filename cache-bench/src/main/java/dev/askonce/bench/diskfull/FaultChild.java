package dev.askonce.bench.diskfull;

import java.nio.file.Path;

/** A process that runs one case. Arguments: case, directory, disk, seed, cycles. */
public final class FaultChild {
  private FaultChild() {}

  /** Runs the process. */
  public static void main(String[] args) throws Exception {
    Trial trial =
        new Trial(
            Path.of(args[1]), Path.of(args[2]), Long.parseLong(args[3]), Integer.parseInt(args[4]));
    FaultCase.valueOf(args[0]).run(trial);
    trial.total();
  }
}
