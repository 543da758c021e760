package dev.askonce.bench.crash;

import dev.askonce.bench.data.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Children one after another on the same store, each of which verifies what the one before left.
 * After some kills the store is verified once more, checked, and a new one is begun. Not
 * thread-safe.
 */
final class Chain {
  private static final int KILLS_OF_A_STORE = 50;
  private static final int TRIES_FOR_A_POINT = 3;

  /** A graph wants 2,048 entries of a scope first. */
  private static final int TRIES_FOR_A_RARE_POINT = 12;

  private static final long OPEN_MILLIS_AT_FIRST = 1_000;

  private final Path directory;
  private final ChildJvm jvm;
  private final Tally tally;
  private final long seed;
  private final Random random;
  private long openMillis = OPEN_MILLIS_AT_FIRST;
  private int stores;
  private int kills;
  private Path current;
  private Profile profile;

  Chain(Path directory, ChildJvm jvm, Tally tally, long seed) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.jvm = jvm;
    this.tally = tally;
    this.seed = seed;
    random = new Random(seed);
    begin();
  }

  private void begin() throws IOException {
    profile = Profile.values()[stores % Profile.values().length];
    current = Files.createDirectory(directory.resolve("store-" + stores));
    stores++;
    kills = 0;
  }

  /** Kills a child at a random moment. */
  void killAtRandom() throws IOException, InterruptedException {
    renew();
    run(Kill.AtRandom.draw(random, openMillis));
  }

  /** Lets a child end itself at a point. */
  void killAt(Kill.AtPoint kill) throws IOException, InterruptedException {
    Optional<Profile> needed = kill.needsProfile();
    for (int i = 0; i < (needed.isPresent() ? TRIES_FOR_A_RARE_POINT : TRIES_FOR_A_POINT); i++) {
      if (kill.needsNewStore()) {
        end();
        begin();
      } else {
        renew();
      }
      while (needed.isPresent() && profile != needed.get()) {
        end();
        begin();
      }
      if (kill.needsDamage()) {
        damage();
      }
      // What was killed since may get there where what was closed in order does not.
      if (run(kill).reached) {
        return;
      }
    }
    tally.addUnreached(kill);
  }

  private void renew() throws IOException, InterruptedException {
    if (kills >= KILLS_OF_A_STORE) {
      end();
      begin();
    }
  }

  /** Verifies and checks the store for the last time. */
  void end() throws IOException, InterruptedException {
    if (kills > 0) {
      Path verified = current;
      run(new Kill.Never());
      if (!verified.equals(current)) {
        return;
      }
    }
    Folders.delete(current);
  }

  private ChildRun run(Kill kill) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                store().toString(),
                oracle().toString(),
                profile.name(),
                Long.toString(seed),
                Long.toString(random.nextLong())));
    arguments.addAll(kill.task());
    ChildRun run = new ChildRun(kill);
    run.run(jvm.command(CrashChild.class, arguments), current.resolve("errors"));
    kills++;
    if (run.opened) {
      openMillis = (openMillis + run.openMillis) / 2;
    }
    tally.add(run, kill);
    if (run.foundSomething()) {
      Files.write(current.resolve("findings"), run.findings);
      leave();
    }
    return run;
  }

  /** Leaves a store as it is, for examination, and begins another. */
  private void leave() throws IOException {
    if (!tally.keep(current)) {
      Folders.delete(current);
    }
    begin();
  }

  private Path store() {
    return current.resolve("store");
  }

  private Path oracle() {
    return current.resolve("oracle");
  }

  /** Makes both copies of the superblock unreadable, after telling the oracle. */
  private void damage() throws IOException, InterruptedException {
    if (!Files.exists(store().resolve("SUPER"))) {
      run(new Kill.Never());
    }
    try (Oracle oracle = Oracle.open(oracle())) {
      oracle.damaged();
    }
    try (FileChannel channel =
        FileChannel.open(store().resolve("SUPER"), StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }
}
