package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** What a case has to work with, and what it found. Thread-safe. */
final class Trial {
  static final String FINDING = "finding";
  static final String TOTAL = "total";

  private final Path directory;
  private final Path disk;
  private final long seed;
  private final int cycles;
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong openings = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /**
   * @param directory for files that must not run out of room
   * @param disk a small file system, or the same
   */
  Trial(Path directory, Path disk, long seed, int cycles) {
    this.directory = directory;
    this.disk = disk;
    this.seed = seed;
    this.cycles = cycles;
  }

  Path directory() {
    return directory;
  }

  Path disk() {
    return disk;
  }

  /** {@return whether {@link #disk} is a file system of its own} */
  boolean hasDisk() {
    return !disk.equals(directory);
  }

  long seed() {
    return seed;
  }

  int cycles() {
    return cycles;
  }

  WatchedStore store(Path path, String oracle) throws IOException {
    return new WatchedStore(path, directory.resolve(oracle), seed, this::finding);
  }

  /** Says that something is not as it must be. */
  void finding(String what) {
    System.out.println(FINDING + " " + what.replace('\n', ' '));
  }

  /** Says that the case goes on. */
  void goesOn() {
    System.out.println(".");
  }

  void opened() {
    openings.incrementAndGet();
  }

  /** An opening was refused, with an error that says why. */
  void refused() {
    refused.incrementAndGet();
  }

  void add(WatchedStore store) {
    wrong.addAndGet(store.wrong());
    lost.addAndGet(store.lost());
    kept.addAndGet(store.kept());
    dropped.addAndGet(store.dropped());
    goesOn();
  }

  void total() {
    System.out.printf(
        "%s %d %d %d %d %d %d%n",
        TOTAL, wrong.get(), lost.get(), kept.get(), dropped.get(), openings.get(), refused.get());
  }
}
