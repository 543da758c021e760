package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.crash.ChildLines;
import dev.askonce.bench.crash.WatchedStore;
import dev.askonce.engine.CacheException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that is open is refused to a second opener: in this process, and in another one. */
final class OpenersCase {
  /** What the other process tells. */
  static final String LOCKED = "locked";

  private static final int PUTS = 50;
  private static final int RACES = 20;
  private static final int RACERS = 4;
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private OpenersCase() {}

  static void run(Trial trial) throws IOException, InterruptedException {
    Path path = trial.directory().resolve("store");
    try (WatchedStore store = trial.store(path, "oracle")) {
      store.open();
      trial.opened();
      for (int i = 0; i < PUTS; i++) {
        store.put(0, i);
      }
      secondInThisProcess(trial, path);
      secondInAnother(trial, path);
      store.verify();
      store.closeStore();
      trial.add(store);
    }
    for (int i = 0; i < RACES; i++) {
      race(trial, path);
    }
  }

  private static void secondInThisProcess(Trial trial, Path path) throws IOException {
    try (WatchedStore second = trial.store(path, "oracle-2")) {
      second.open();
      trial.finding("a store was opened twice in one process");
    } catch (CacheException.Locked e) {
      trial.refused();
    }
  }

  private static void secondInAnother(Trial trial, Path path)
      throws IOException, InterruptedException {
    ChildJvm jvm = new ChildJvm(Files.createDirectory(trial.directory().resolve("classes")));
    List<String> told = new ArrayList<>();
    List<String> arguments =
        List.of(path.toString(), trial.directory().resolve("oracle-3").toString());
    try (ChildLines other =
        ChildLines.start(
            jvm.command(Opener.class, arguments), trial.directory().resolve("errors"))) {
      if (!other.read(SILENCE, told::add)) {
        trial.finding("a second process waits for a store that is open");
      }
    }
    if (told.contains(LOCKED)) {
      trial.refused();
    } else {
      trial.finding("a second process was not told that the store is open: " + told);
    }
  }

  /** Of several that open at once, one may, and the others are told why not. */
  private static void race(Trial trial, Path path) throws IOException, InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch tried = new CountDownLatch(RACERS);
    AtomicInteger winners = new AtomicInteger();
    List<Thread> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      WatchedStore store = trial.store(path, "oracle-race-" + i);
      racers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (store) {
                      start.await();
                      open(trial, store, winners, tried);
                    } catch (IOException | InterruptedException e) {
                      trial.finding("a racer threw " + e);
                    }
                  }));
    }
    start.countDown();
    for (Thread racer : racers) {
      racer.join();
    }
    if (winners.get() != 1) {
      trial.finding(winners.get() + " of " + RACERS + " that opened at once have the store");
    }
  }

  private static void open(
      Trial trial, WatchedStore store, AtomicInteger winners, CountDownLatch tried)
      throws InterruptedException {
    try {
      store.open();
      winners.incrementAndGet();
      trial.opened();
    } catch (CacheException.Locked e) {
      trial.refused();
    } catch (RuntimeException | Error e) {
      trial.finding("a racer threw " + e);
    } finally {
      tried.countDown();
    }
    // Whoever has it holds it until all have tried.
    tried.await();
  }
}
