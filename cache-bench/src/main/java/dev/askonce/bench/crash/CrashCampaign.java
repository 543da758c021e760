package dev.askonce.bench.crash;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.engine.internal.base.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills children at random moments and at named points, some chains of them side by side. */
public final class CrashCampaign implements AutoCloseable {
  private final CrashSettings settings;
  private final Progress progress;
  private final Folders.Work work;
  private final Path directory;
  private final Tally tally;
  private final AtomicBoolean stopped = new AtomicBoolean();

  public CrashCampaign(CrashSettings settings, Progress progress) throws IOException {
    this.settings = settings;
    this.progress = progress;
    tally = new Tally(settings.pointRuns() > 0);
    work = Folders.work(settings.directory(), "askonce-crash");
    directory = work.path();
  }

  /** Runs all of it. */
  public CrashReport run() throws IOException, InterruptedException {
    long started = System.nanoTime();
    progress.step("archiving classes for the children");
    ChildJvm jvm = new ChildJvm(Files.createDirectories(directory.resolve("classes")));
    archive(jvm);
    List<Optional<Kill.AtPoint>> kills = kills();
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> chains = new ArrayList<>();
    try (ExecutorService jobs = Executors.newFixedThreadPool(settings.jobs())) {
      for (int i = 0; i < settings.jobs(); i++) {
        Chain chain =
            new Chain(directory.resolve("chain-" + i), jvm, tally, settings.seed() * 1009 + i);
        chains.add(jobs.submit(() -> run(chain, kills, next, started)));
      }
    }
    for (Future<?> chain : chains) {
      result(chain);
    }
    CrashReport report = report(started);
    if (!report.evidence().isEmpty()) {
      work.keep();
    }
    return report;
  }

  private CrashReport report(long started) {
    return tally.report(settings.seed(), (System.nanoTime() - started) / 1e9);
  }

  private static void result(Future<?> chain) throws IOException, InterruptedException {
    try {
      chain.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("a chain ended early", e.getCause());
    }
  }

  /** {@return all kills, in a random order; a random moment is an empty one} */
  private List<Optional<Kill.AtPoint>> kills() {
    Random random = new Random(settings.seed());
    List<Optional<Kill.AtPoint>> kills =
        new ArrayList<>(Collections.nCopies(settings.cycles(), Optional.empty()));
    for (CrashPoint point : CrashPoint.values()) {
      for (int i = 0; i < settings.pointRuns(); i++) {
        kills.add(Optional.of(Kill.AtPoint.draw(point, random)));
      }
    }
    Collections.shuffle(kills, random);
    return kills;
  }

  private Void run(
      Chain chain, List<Optional<Kill.AtPoint>> kills, AtomicInteger next, long started)
      throws IOException, InterruptedException {
    try {
      for (int i = next.getAndIncrement(); i < kills.size() && !stopped.get(); ) {
        if (kills.get(i).isPresent()) {
          chain.killAt(kills.get(i).get());
        } else {
          chain.killAtRandom();
        }
        tell(kills.size(), started);
        i = next.getAndIncrement();
      }
      chain.end();
      return null;
    } finally {
      // Where one chain cannot go on, the others need not either.
      stopped.compareAndSet(false, next.get() < kills.size());
    }
  }

  private void tell(int all, long started) {
    progress.tell(
        () -> {
          CrashReport now = report(started);
          return String.format(
              "%,d of %,d kills, %,.0f s: %d wrong, %d hung, %d refused, %d failed, "
                  + "%,d entries kept, %d lost, %d points not reached",
              now.cycles(),
              all,
              now.seconds(),
              now.wrong(),
              now.hung(),
              now.refused(),
              now.failed(),
              now.kept(),
              now.lost(),
              now.unreachedPoints());
        });
  }

  /** Starts and ends one child in order, so that its classes are archived. */
  private void archive(ChildJvm jvm) throws IOException, InterruptedException {
    Path scratch = Files.createDirectory(directory.resolve("first"));
    ChildRun first = new ChildRun(new Kill.Never());
    first.run(
        jvm.archiving(
            CrashChild.class,
            List.of(
                scratch.resolve("store").toString(),
                scratch.resolve("oracle").toString(),
                Profile.ROOMY.name(),
                "0",
                "0",
                CrashChild.VERIFY)),
        scratch.resolve("errors"));
    if (first.foundSomething()) {
      throw new InputException(
          "a child does not run: "
              + String.join("; ", first.findings)
              + "; "
              + Files.readString(scratch.resolve("errors")));
    }
    Folders.delete(scratch);
  }

  /** Deletes what is temporary, unless something was found. */
  @Override
  public void close() throws IOException {
    Folders.delete(directory.resolve("classes"));
    work.close();
  }
}
