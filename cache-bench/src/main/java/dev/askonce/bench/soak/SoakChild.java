package dev.askonce.bench.soak;

import dev.askonce.bench.crash.Truth;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that is measured. Arguments: store, entries, turnovers, minutes, seed. Prints a line
 * a sample, and one of totals at the end.
 */
public final class SoakChild {
  static final String SAMPLE = "sample";
  static final String TOTAL = "total";
  static final String FAILED = "failed";
  static final String OPENED = "opened";

  private static final int SAMPLES_OF_A_TURNOVER = 2;
  private static final int ANSWER_BYTES_MAX = 1_000;
  private static final int TEXT_CHARS_MAX = 500;
  private static final int BACKLOG = 1_024;
  private static final int ASK_EVERY = 64;
  private static final long NAP_NANOS = 1_000_000;
  private static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  private final AtomicLong nowMillis = new AtomicLong(START_MILLIS);
  private final int entries;
  private final SemanticCache cache;
  private final Traffic traffic;
  private volatile boolean stopped;
  private volatile Throwable failure;

  private SoakChild(Path store, int entries, long seed) {
    this.entries = entries;
    Truth truth = new Truth(seed, ANSWER_BYTES_MAX);
    cache =
        SemanticCache.at(store)
            .embedder(truth)
            .threshold(Truth.THRESHOLD)
            .entriesMax(entries)
            .answerBytesMax(ANSWER_BYTES_MAX)
            .textCharsMax(TEXT_CHARS_MAX)
            .ttlMax(Duration.ofDays(3_650))
            .clock(() -> Instant.ofEpochMilli(nowMillis.get()))
            .open();
    traffic = new Traffic(cache, truth, entries, nowMillis);
  }

  /** Runs the process. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int entries = Integer.parseInt(args[1]);
    long turnovers = Long.parseLong(args[2]);
    double minutes = Double.parseDouble(args[3]);
    long seed = Long.parseLong(args[4]);
    SoakChild child = new SoakChild(Path.of(args[0]), entries, seed);
    System.out.println(OPENED);
    long nanosMax = minutes == 0 ? Long.MAX_VALUE : (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    child.run(turnovers * entries, nanosMax, seed);
  }

  private void run(long putsMax, long nanosMax, long seed)
      throws IOException, InterruptedException {
    long started = System.nanoTime();
    Thread reader = Thread.ofPlatform().name("soak-reader").unstarted(() -> read(seed));
    reader.setUncaughtExceptionHandler((thread, e) -> failure = e);
    reader.start();
    Random random = new Random(seed);
    int sampleEvery = entries / SAMPLES_OF_A_TURNOVER;
    while (traffic.puts() < putsMax && failure == null && System.nanoTime() - started < nanosMax) {
      pace();
      traffic.put(random);
      if (traffic.puts() % sampleEvery == 0) {
        System.out.println(SAMPLE + " " + Sample.take(traffic.puts()).line());
      }
    }
    stopped = true;
    reader.join();
    CacheStats stats = cache.stats();
    cache.close();
    if (failure != null) {
      System.out.println(FAILED + " " + failure);
    }
    if (!traffic.firstWrong.isEmpty()) {
      System.out.println("wrong " + traffic.firstWrong);
    }
    System.out.printf(
        "%s %d %d %d %d %d %d %d %d %d%n",
        TOTAL,
        traffic.puts(),
        traffic.lookups.sum(),
        traffic.hits.sum(),
        traffic.wrong.sum(),
        traffic.kept,
        traffic.lost,
        stats.evicted(),
        stats.expired(),
        stats.putsDropped());
  }

  private void read(long seed) {
    Random random = new Random(seed + 1);
    while (!stopped) {
      traffic.read(random);
    }
  }

  /** Puts no faster than entries are linked: else there is no steady state. */
  private void pace() {
    if (traffic.puts() % ASK_EVERY == 0) {
      while (cache.stats().entriesUnlinked() > BACKLOG && failure == null) {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }
  }
}
