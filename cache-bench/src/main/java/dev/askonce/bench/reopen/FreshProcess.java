package dev.askonce.bench.reopen;

import dev.askonce.bench.data.JavaCommand;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.engine.SemanticCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Opens the store in a process of its own, asks until it is answered, and ends. */
public final class FreshProcess {
  private static final String HIT = "hit";
  private static final String CLOSE = "close";
  private static final String DIE = "die";
  private static final int KILLED = 137;

  private FreshProcess() {}

  /** Arguments: directory, vectors, their dimension, entry to ask for, and how to end. */
  public static void main(String[] args) throws IOException {
    try (VectorFile vectors = VectorFile.open(Path.of(args[1]), Integer.parseInt(args[2]))) {
      Store store = new Store(Path.of(args[0]), vectors);
      SemanticCache cache = store.open();
      while (!store.ask(cache, Integer.parseInt(args[3])).isHit()) {
        Thread.onSpinWait();
      }
      System.out.println(HIT);
      if (args[4].equals(DIE)) {
        Runtime.getRuntime().halt(KILLED);
      }
      cache.close();
    }
  }

  /** {@return milliseconds from the start of the process until its first hit} */
  static double run(Path directory, Path base, int dimension, int entry, boolean dies)
      throws IOException, InterruptedException {
    List<String> command =
        JavaCommand.of(
            List.of(),
            JavaCommand.ownClassPath(),
            FreshProcess.class,
            List.of(
                directory.toString(),
                base.toString(),
                Integer.toString(dimension),
                Integer.toString(entry),
                dies ? DIE : CLOSE));
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      double millis = (System.nanoTime() - started) / 1e6;
      int status = process.waitFor();
      if (!HIT.equals(line) || status != (dies ? KILLED : 0)) {
        throw new IOException("the process said " + line + " and ended with " + status);
      }
      return millis;
    } finally {
      process.destroyForcibly();
    }
  }
}
