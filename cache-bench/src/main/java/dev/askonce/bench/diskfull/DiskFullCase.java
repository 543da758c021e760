package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import dev.askonce.bench.data.Folders;
import dev.askonce.engine.CacheException;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.StoreReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Fills the disk under a store that wants to grow: puts are dropped and counted, lookups go on;
 * frees it, and puts are stored again. Half of the stores are closed and opened while it is full.
 */
final class DiskFullCase {
  private static final int SCOPES = 3;
  private static final int PUTS_BEFORE = 300;
  private static final int PUTS_WHILE_FULL_MAX = 2_000;
  private static final int DROPS = 20;
  private static final int PUTS_AFTER = 200;

  private final Trial trial;
  private final Random random;
  private final WatchedStore store;
  private final Path path;
  private int nextKey;

  private DiskFullCase(Trial trial, int cycle) throws IOException {
    this.trial = trial;
    random = new Random(trial.seed() * 31 + cycle);
    path = trial.disk().resolve("store-" + cycle);
    store = trial.store(path, "oracle-" + cycle);
  }

  static void run(Trial trial) throws IOException {
    Room room = trial.hasDisk() ? new FilledDisk(trial.disk()) : new FileSizeLimit();
    for (int cycle = 0; cycle < trial.cycles(); cycle++) {
      DiskFullCase one = new DiskFullCase(trial, cycle);
      try {
        one.run(room, cycle % 2 == 1);
      } finally {
        room.free();
        one.store.close();
      }
      Folders.delete(one.path);
    }
  }

  private void run(Room room, boolean reopens) throws IOException {
    store.open();
    trial.opened();
    for (int i = 0; i < PUTS_BEFORE; i++) {
      put();
    }
    room.fill();
    putWhileFull();
    store.verify();
    if (reopens) {
      store.closeStore();
      reopenWhileFull(room);
    }
    room.free();
    long droppedBefore = store.dropped();
    for (int i = 0; i < PUTS_AFTER; i++) {
      put();
      ask();
    }
    if (store.dropped() > droppedBefore) {
      trial.finding(
          (store.dropped() - droppedBefore) + " puts were dropped after there was room again");
    }
    store.verify();
    store.closeStore();
    store.open();
    trial.opened();
    store.verify();
    store.closeStore();
    StoreReport report = SemanticCache.check(path);
    if (report.condition() != StoreReport.Condition.CLEAN) {
      trial.finding("fsck after the close: " + report);
    }
    trial.add(store);
  }

  private void putWhileFull() {
    long droppedBefore = store.dropped();
    int answered = 0;
    int asked = 0;
    for (int i = 0;
        i < PUTS_WHILE_FULL_MAX && store.dropped() < droppedBefore + DROPS;
        i++, asked++) {
      put();
      answered += ask() ? 1 : 0;
    }
    // Where a limit stands in, small files still grow, and evicting may make room for each put.
    boolean madeRoom = !trial.hasDisk() && store.cache().stats().evicted() > 0;
    if (store.dropped() == droppedBefore && !madeRoom) {
      trial.finding("no put was dropped in " + asked + " while the disk was full");
    }
    if (answered == 0) {
      trial.finding("no lookup was answered in " + asked + " while the disk was full");
    }
  }

  /** It opens, or it says that it cannot; then it does once there is room. */
  private void reopenWhileFull(Room room) throws IOException {
    try {
      store.open();
      trial.opened();
    } catch (CacheException.StoreUnavailable e) {
      trial.refused();
      room.free();
      store.open();
      trial.opened();
    }
    store.verify();
  }

  private void put() {
    store.put(random.nextInt(SCOPES), nextKey++);
  }

  private boolean ask() {
    int key = random.nextInt(nextKey);
    int scope = random.nextInt(SCOPES);
    return random.nextBoolean() ? store.askText(scope, key) : store.askVector(scope, key);
  }
}
