package dev.askonce.bench.image;

import java.io.IOException;
import java.nio.file.Path;

/** The cases of one phase of a campaign, by number: each stands alone and can be run again. */
public interface Cases {
  /** Ends this process when its parent ends, however that does. */
  static void endWithParent() {
    Thread.ofPlatform().daemon().start(Cases::awaitEndOfParent);
  }

  /** The parent writes nothing to its children: the end of what it writes is its own. */
  private static void awaitEndOfParent() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // As good as an end.
    }
    Runtime.getRuntime().halt(1);
  }

  /** {@return how many there are, where they are all there is; otherwise any number may be run} */
  default long count() {
    return Long.MAX_VALUE;
  }

  /** Runs one case and writes what was found into the journal. */
  void run(long number) throws IOException;

  /** {@return each so manieth of these cases, from which on depends on the seed} */
  default Cases every(int step, long seed) {
    long first = Math.floorMod(seed, step);
    return number -> run(Math.min(number * step + first, count() - 1));
  }

  /** Makes the cases of a phase, for one child JVM. */
  interface Maker {
    /**
     * Makes them.
     *
     * @param folder of this child alone
     */
    Cases make(String phase, long seed, Path folder, Journal journal) throws IOException;
  }

  /**
   * What a child's {@code main} does.
   *
   * @param args phase, seed, folder, journal, first case, case after the last
   */
  static void main(String[] args, Maker maker) throws IOException {
    endWithParent();
    long to = Long.parseLong(args[5]);
    try (Journal journal = Journal.open(Path.of(args[3]))) {
      Cases cases = maker.make(args[0], Long.parseLong(args[1]), Path.of(args[2]), journal);
      for (long number = Long.parseLong(args[4]); number < to; number++) {
        journal.begin(number);
        cases.run(number);
        journal.add(Outcome.CYCLES, 1);
      }
    }
  }
}
