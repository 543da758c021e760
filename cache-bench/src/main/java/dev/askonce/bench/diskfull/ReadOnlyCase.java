package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import dev.askonce.engine.CacheException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A store in a directory that cannot be written is refused, and is whole when it can be again.
 * Where there is a file system to do it with, that becomes read-only; else the directory loses its
 * rights, which the administrator does not feel: then a place where nobody can make files stands
 * in.
 */
final class ReadOnlyCase {
  private static final Path NOBODY_CAN_WRITE = Path.of("/proc/self/askonce");
  private static final int PUTS = 200;

  private ReadOnlyCase() {}

  static void run(Trial trial) throws IOException, InterruptedException {
    Path path = trial.disk().resolve("store");
    try (WatchedStore store = trial.store(path, "oracle")) {
      store.open();
      trial.opened();
      for (int i = 0; i < PUTS; i++) {
        store.put(0, i);
      }
      store.closeStore();
      if (trial.hasDisk()) {
        Disk.remount(trial.disk(), "ro");
        expectRefusal(trial, store, "a read-only file system");
        Disk.remount(trial.disk(), "rw");
      } else {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-x------"));
        if (Files.isWritable(path)) {
          newStoreWhereNobodyCanWrite(trial);
        } else {
          expectRefusal(trial, store, "a directory without the right to write");
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
      store.open();
      trial.opened();
      store.verify();
      trial.add(store);
      if (store.kept() < PUTS) {
        trial.finding("only " + store.kept() + " of " + PUTS + " entries are there after it");
      }
    }
  }

  private static void newStoreWhereNobodyCanWrite(Trial trial) throws IOException {
    try (WatchedStore store = trial.store(NOBODY_CAN_WRITE, "oracle-of-nobody")) {
      expectRefusal(trial, store, NOBODY_CAN_WRITE.toString());
    }
  }

  private static void expectRefusal(Trial trial, WatchedStore store, String where) {
    try {
      store.open();
      trial.opened();
      store.verify();
      store.closeStore();
    } catch (CacheException.StoreUnavailable e) {
      trial.refused();
    } catch (RuntimeException | Error e) {
      trial.finding(where + ": opening threw " + e);
    }
  }
}
