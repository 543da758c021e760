package dev.askonce.bench.diskfull;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.crash.ChildLines;
import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.diskfull.DiskFullReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs each case in a process of its own. */
public final class DiskFull {
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final int FINDINGS_MAX = 20;

  private final int cycles;
  private final long seed;
  private final boolean mounts;
  private final Progress progress;
  private final List<FaultCase> faults = new ArrayList<>();
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private int hung;
  private int failed;

  /**
   * @param cycles how often the disk fills up, from 1
   * @param mounts whether to try to mount a file system
   * @param names of the cases; all where there are none
   */
  public DiskFull(int cycles, long seed, boolean mounts, List<String> names, Progress progress) {
    if (cycles < 1) {
      throw new InputException(cycles + " cycles are not from 1");
    }
    this.cycles = cycles;
    this.seed = seed;
    this.mounts = mounts;
    this.progress = progress;
    List<String> unknown = new ArrayList<>(names);
    for (FaultCase fault : FaultCase.values()) {
      if (unknown.remove(name(fault)) || names.isEmpty()) {
        faults.add(fault);
      }
    }
    if (!unknown.isEmpty()) {
      throw new InputException("there is no case " + unknown.getFirst());
    }
  }

  /** Runs all cases. */
  public DiskFullReport run() throws IOException, InterruptedException {
    long started = System.nanoTime();
    try (Folders.Work work = Folders.work(Optional.empty(), "askonce-diskfull")) {
      Path path = work.path();
      ChildJvm jvm = new ChildJvm(Files.createDirectory(path.resolve("classes")));
      Optional<Disk> disk = mounts ? Disk.mount(path.resolve("disk")) : Optional.empty();
      try {
        for (FaultCase fault : faults) {
          run(fault, jvm, Files.createDirectory(path.resolve(name(fault))), disk.map(Disk::path));
        }
      } finally {
        if (disk.isPresent()) {
          disk.get().close();
        }
      }
      return report(disk.isPresent() ? "tmpfs" : "limit", (System.nanoTime() - started) / 1e9);
    }
  }

  private static String name(FaultCase fault) {
    return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void run(FaultCase fault, ChildJvm jvm, Path directory, Optional<Path> disk)
      throws IOException, InterruptedException {
    progress.step(name(fault));
    List<String> arguments =
        List.of(
            fault.name(),
            directory.toString(),
            disk.orElse(directory).toString(),
            Long.toString(seed),
            Integer.toString(cycles));
    Path errors = directory.resolve("errors");
    List<String> findings = new ArrayList<>();
    long[] totals = new long[6];
    boolean[] ended = new boolean[1];
    int status;
    try (ChildLines child = ChildLines.start(jvm.command(FaultChild.class, arguments), errors)) {
      boolean all = child.read(SILENCE, line -> told(line, findings, totals, ended));
      if (!all) {
        hung++;
        findings.add("it told nothing for " + SILENCE.toSeconds() + " s");
        child.kill();
      }
      status = child.status();
    }
    if (status != 0 || !ended[0]) {
      findings.add("its process ended with status " + status + ": " + tail(errors));
    }
    boolean good = findings.isEmpty() && totals[0] == 0 && totals[1] == 0;
    failed += good ? 0 : 1;
    findings.forEach(finding -> progress.step(name(fault) + ": " + finding));
    outcomes.put(
        name(fault),
        new Outcome(
            good,
            totals[0],
            totals[1],
            totals[2],
            totals[3],
            totals[4],
            totals[5],
            findings.stream().limit(FINDINGS_MAX).toList()));
    Folders.delete(directory);
  }

  private static void told(String line, List<String> findings, long[] totals, boolean[] ended) {
    String[] words = line.split(" ");
    if (words[0].equals(Trial.TOTAL)) {
      ended[0] = true;
      for (int i = 0; i < totals.length; i++) {
        totals[i] = Long.parseLong(words[i + 1]);
      }
    } else if (words[0].equals(Trial.FINDING)) {
      findings.add(line.substring(Trial.FINDING.length() + 1));
    }
  }

  private static String tail(Path errors) throws IOException {
    String text = Files.readString(errors);
    return text.substring(Math.max(0, text.length() - 2_000)).replace('\n', ' ');
  }

  private DiskFullReport report(String method, double seconds) {
    List<Outcome> all = List.copyOf(outcomes.values());
    return new DiskFullReport(
        cycles,
        all.stream().mapToLong(Outcome::wrong).sum(),
        hung,
        all.stream().mapToLong(Outcome::refused).sum(),
        failed,
        all.stream().mapToLong(Outcome::lost).sum(),
        all.stream().mapToLong(Outcome::kept).sum(),
        all.stream().mapToLong(Outcome::dropped).sum(),
        seconds,
        seed,
        method,
        new LinkedHashMap<>(outcomes));
  }
}
