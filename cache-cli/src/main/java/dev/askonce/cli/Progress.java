package dev.askonce.cli;

import java.io.PrintWriter;
import java.util.function.LongConsumer;

/** Says once a second how far something is. Not thread-safe. */
final class Progress implements LongConsumer {
  private static final long EVERY_NANOS = 1_000_000_000;

  private final PrintWriter err;
  private final String what;
  private long toldNanos = System.nanoTime();

  Progress(PrintWriter err, String what) {
    this.err = err;
    this.what = what;
  }

  @Override
  public void accept(long done) {
    long now = System.nanoTime();
    if (now - toldNanos >= EVERY_NANOS) {
      toldNanos = now;
      err.printf("%,d %s%n", done, what);
      err.flush();
    }
  }
}
