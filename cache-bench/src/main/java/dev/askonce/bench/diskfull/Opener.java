package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.WatchedStore;
import dev.askonce.engine.CacheException;
import java.io.IOException;
import java.nio.file.Path;

/** A process that wants a store which another one has. Arguments: store, oracle. */
public final class Opener {
  private Opener() {}

  /** Runs the process. */
  public static void main(String[] args) throws IOException {
    try (WatchedStore store =
        new WatchedStore(Path.of(args[0]), Path.of(args[1]), 0, System.out::println)) {
      store.open();
      System.out.println("opened");
    } catch (CacheException.Locked e) {
      System.out.println(OpenersCase.LOCKED);
    }
  }
}
