package dev.askonce.bench.vectors;

import dev.askonce.bench.data.Progress;
import java.io.Serial;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast a build goes on: an engine reports each entry, and is stopped where the whole would take
 * too long. Thread-safe.
 */
final class BuildPace {
  /** The build would take too long. */
  static final class TooSlow extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    TooSlow(String message) {
      super(message);
    }
  }

  private static final double JUDGED_AFTER_SECONDS = 10;

  private final String engine;
  private final int total;
  private final int threads;
  private final double secondsMax;
  private final Progress progress;
  private final AtomicInteger added = new AtomicInteger();
  private final long start = System.nanoTime();

  BuildPace(String engine, int total, int threads, double secondsMax, Progress progress) {
    this.engine = engine;
    this.total = total;
    this.threads = threads;
    this.secondsMax = secondsMax;
    this.progress = progress;
  }

  /** {@return how many threads are to build} */
  int threads() {
    return threads;
  }

  double secondsMax() {
    return secondsMax;
  }

  double seconds() {
    return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Reports one more entry.
   *
   * @throws TooSlow if all of them, at the pace so far, take longer than allowed
   */
  void added() {
    int count = added.incrementAndGet();
    if ((count & 0xFF) != 0) {
      return;
    }
    double seconds = seconds();
    if (seconds > JUDGED_AFTER_SECONDS && seconds / count * total > secondsMax) {
      throw new TooSlow(
          "%,d of %,d entries took %.0f s, all would take more than %.0f s"
              .formatted(count, total, seconds, secondsMax));
    }
    progress.tell(() -> "%s: built %,d of %,d in %.0f s".formatted(engine, count, total, seconds));
  }

  /**
   * Reports a wait for work that is not counted in entries.
   *
   * @throws TooSlow if it has taken longer than allowed
   */
  void waited(String what) {
    double seconds = seconds();
    if (seconds > secondsMax) {
      throw new TooSlow("%s after %.0f s".formatted(what, seconds));
    }
    progress.tell(() -> "%s: %s, %.0f s".formatted(engine, what, seconds));
  }
}
