package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import dev.askonce.bench.data.Folders;
import dev.askonce.engine.CacheException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One fault befalls each file of a closed store in turn. The store opens, with what is left, or is
 * refused with a sentence; what it then answers is right; nothing outside of it is changed.
 */
final class FileCase {
  private static final int SCOPES = 3;
  private static final int PUTS = 500;
  private static final int PUTS_AFTER = 30;

  private final Trial trial;
  private final FileFault fault;
  private final Path whole;

  private FileCase(Trial trial, FileFault fault) {
    this.trial = trial;
    this.fault = fault;
    whole = trial.directory().resolve("whole");
  }

  static void run(Trial trial, FileFault fault) throws IOException {
    FileCase one = new FileCase(trial, fault);
    one.makeWhole();
    for (String name : one.names()) {
      one.run(name);
    }
  }

  private void makeWhole() throws IOException {
    try (WatchedStore store = trial.store(whole, "whole-oracle")) {
      store.open();
      for (int i = 0; i < PUTS; i++) {
        store.put(i % SCOPES, i);
      }
      store.closeStore();
    }
  }

  /** {@return the first and the last file of each kind} */
  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(whole)) {
      List<String> all = files.map(file -> file.getFileName().toString()).sorted().toList();
      return all.stream().filter(name -> isFirst(name) || !all.contains(successor(name))).toList();
    }
  }

  private static boolean isFirst(String name) {
    return !name.contains("-") || name.contains("-00000");
  }

  private static String successor(String name) {
    if (!name.contains("-")) {
      return "";
    }
    int from = name.indexOf('-') + 1;
    int to = name.indexOf('.');
    int number = Integer.parseInt(name.substring(from, to));
    return name.substring(0, from) + "%05d".formatted(number + 1) + name.substring(to);
  }

  private void run(String name) throws IOException {
    Path path = trial.directory().resolve("store");
    Path oracle = trial.directory().resolve("oracle");
    Path outside = trial.directory().resolve("outside");
    copyWhole(path);
    Files.copy(
        trial.directory().resolve("whole-oracle"), oracle, StandardCopyOption.REPLACE_EXISTING);
    fault.befall(path.resolve(name), outside);
    byte[] before = Files.exists(outside) ? Files.readAllBytes(outside) : new byte[0];
    try (WatchedStore store = trial.store(path, "oracle")) {
      store.damaged();
      open(store, name);
      trial.add(store);
    }
    byte[] after = Files.exists(outside) ? Files.readAllBytes(outside) : new byte[0];
    if (!Arrays.equals(before, after)) {
      trial.finding(fault + " of " + name + ": a file outside of the store was written");
    }
    Folders.delete(path);
    Files.deleteIfExists(outside);
  }

  private void open(WatchedStore store, String name) {
    try {
      store.open();
    } catch (CacheException e) {
      trial.refused();
      return;
    } catch (RuntimeException | Error e) {
      trial.finding(fault + " of " + name + ": opening threw " + e);
      return;
    }
    trial.opened();
    try {
      use(store);
      store.closeStore();
      store.open();
      use(store);
    } catch (RuntimeException | Error e) {
      trial.finding(fault + " of " + name + ": threw " + e);
    }
  }

  private static void use(WatchedStore store) {
    store.verify();
    for (int i = 0; i < PUTS_AFTER; i++) {
      store.put(i % SCOPES, i);
      store.askText(i % SCOPES, i);
      store.askVector(i % SCOPES, i + 1);
    }
    store.verify();
  }

  private void copyWhole(Path target) throws IOException {
    Folders.delete(target);
    Files.createDirectory(target);
    try (Stream<Path> files = Files.list(whole)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            target.resolve(file.getFileName()),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
