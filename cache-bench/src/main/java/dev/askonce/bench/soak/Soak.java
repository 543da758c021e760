package dev.askonce.bench.soak;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.crash.ChildLines;
import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A soak: starts the process, reads what it measures, and says what grows. */
public final class Soak {
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** Heap of a fixed size, all of it in memory from the start: it is no part of what grows. */
  private static final List<String> FLAGS =
      List.of("-Xms192m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch", "-Xlog:disable");

  private static final int SAMPLES_MIN = 5;

  private final SoakSettings settings;
  private final Progress progress;
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private long[] totals = new long[9];
  private boolean opened;
  private boolean failed;
  private boolean ended;

  public Soak(SoakSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  public SoakReport run() throws IOException, InterruptedException {
    long started = System.nanoTime();
    try (Folders.Work work = Folders.work(settings.directory(), "askonce-soak")) {
      Path errors = work.path().resolve("errors");
      ChildJvm jvm = new ChildJvm(Files.createDirectory(work.path().resolve("classes")));
      List<String> command =
          jvm.plain(
              FLAGS,
              SoakChild.class,
              List.of(
                  work.path().resolve("store").toString(),
                  Integer.toString(settings.entries()),
                  Integer.toString(settings.turnovers()),
                  Double.toString(settings.minutes()),
                  Long.toString(settings.seed())));
      boolean hung;
      try (ChildLines child = ChildLines.start(command, errors)) {
        hung = !child.read(SILENCE, this::told);
      }
      if (samples.size() < SAMPLES_MIN) {
        throw new InputException(
            "too short to tell what grows: "
                + samples.size()
                + " samples; "
                + findings
                + Files.readString(errors));
      }
      return report(hung, (System.nanoTime() - started) / 1e9);
    }
  }

  private void told(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case SoakChild.OPENED -> opened = true;
      case SoakChild.SAMPLE -> {
        Sample sample = Sample.parse(words, 1);
        samples.add(sample);
        progress.tell(() -> tell(sample));
      }
      case SoakChild.TOTAL -> {
        ended = true;
        for (int i = 0; i < totals.length; i++) {
          totals[i] = Long.parseLong(words[i + 1]);
        }
      }
      case SoakChild.FAILED -> {
        failed = true;
        findings.add(line);
      }
      default -> findings.add(line);
    }
  }

  private String tell(Sample sample) {
    return String.format(
        "%,d of %,d turnovers: %,d MB resident, %,d maps, %,d files, heap %,.1f MB",
        sample.atPuts() / settings.entries(),
        settings.turnovers(),
        sample.residentBytes() / 1_000_000,
        sample.maps(),
        sample.descriptors(),
        sample.heapBytes() / 1e6);
  }

  private SoakReport report(boolean hung, double seconds) {
    return new SoakReport(
        (int) (samples.getLast().atPuts() / settings.entries()),
        totals[3],
        hung ? 1 : 0,
        opened ? 0 : 1,
        failed || !ended && !hung ? 1 : 0,
        totals[5],
        totals[4],
        seconds,
        settings.seed(),
        settings.entries(),
        totals[0],
        totals[1],
        totals[2],
        totals[6],
        totals[7],
        totals[8],
        Sample.hasProc() ? "proc" : "jvm",
        samples.size(),
        Growth.of(samples, Sample::residentBytes),
        Growth.of(samples, Sample::dirtyBytes),
        Growth.of(samples, Sample::maps),
        Growth.of(samples, Sample::descriptors),
        Growth.of(samples, Sample::heapBytes),
        List.copyOf(findings));
  }
}
