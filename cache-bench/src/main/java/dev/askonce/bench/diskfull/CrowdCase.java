package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** Virtual threads that all look up and put at the same moment. */
final class CrowdCase {
  private static final int THREADS = 5_000;
  private static final int SCOPES = 3;
  private static final int KEYS = 600;

  private CrowdCase() {}

  static void run(Trial trial) throws IOException, InterruptedException {
    Path path = trial.directory().resolve("store");
    try (WatchedStore store = trial.store(path, "oracle")) {
      store.open();
      trial.opened();
      for (int key = 0; key < KEYS; key++) {
        store.put(key % SCOPES, key);
      }
      long droppedBefore = store.dropped();
      comeAtOnce(trial, store);
      store.verify();
      if (store.dropped() - droppedBefore >= THREADS) {
        trial.finding("no put of a crowd was stored");
      }
      for (int key = 0; key < KEYS; key++) {
        if (!store.put(key % SCOPES, key) || !store.askText(key % SCOPES, key)) {
          trial.finding("key " + key + " cannot be put, or is not found, after the crowd");
        }
      }
      store.closeStore();
      store.open();
      trial.opened();
      store.verify();
      trial.add(store);
    }
  }

  private static void comeAtOnce(Trial trial, WatchedStore store) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      come(store, number, new Random(trial.seed() * 31 + number));
                    } catch (Exception | Error e) {
                      trial.finding("a thread of a crowd got " + e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void come(WatchedStore store, int number, Random random) {
    int known = random.nextInt(KEYS);
    store.askText(known % SCOPES, known);
    // Each puts a key of its own, so that no two puts of one overlap.
    store.put(number % SCOPES, KEYS + number);
    store.askVector(random.nextInt(SCOPES), random.nextInt(KEYS));
  }
}
