package dev.askonce.bench.image;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.JavaCommand;
import dev.askonce.bench.data.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Runs cases in child JVMs, so that one that dies or hangs is an outcome and not the end: the next
 * child goes on behind the case at hand.
 */
public final class Children {
  /** A young generation that fits into the processor's cache: a case leaves nothing behind. */
  public static final List<String> SMALL_HEAP =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmn32m",
          "-Xmx256m",
          "-ea",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");

  /** A child without a sign of life for this time is hung. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** Failures after which the rest of a range is not worth the time. */
  private static final int DEATHS_MAX = 20;

  /** A child's files are in memory: one that fills it would end others too. */
  private static final long FOLDER_BYTES_MAX = 1L << 30;

  private static final long POLL_MILLIS = 50;

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final Class<?> main;
  private final List<String> options;
  private final long seed;
  private final int parallel;
  private final Path folder;
  private final Progress progress;
  private final Tally tally = new Tally();
  private final List<String> findings = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger started = new AtomicInteger();

  /**
   * Prepares to run children.
   *
   * @param main whose {@code main} hands its arguments to {@link Cases#main}
   * @param options of their JVMs, beside the engine's flags
   */
  public Children(
      Class<?> main,
      List<String> options,
      long seed,
      int parallel,
      Path folder,
      Progress progress) {
    this.main = main;
    this.options = options;
    this.seed = seed;
    this.parallel = parallel;
    this.folder = folder;
    this.progress = progress;
  }

  /** {@return what all cases so far came to} */
  public Tally tally() {
    return tally;
  }

  /** {@return a sentence on each failure, as far as there is room for them} */
  public List<String> findings() {
    return List.copyOf(findings);
  }

  /** Runs the cases of a phase from 0 to {@code count}, exclusive, in equal shares. */
  public void run(String phase, long count) throws IOException, InterruptedException {
    int shares = Math.clamp(count, 1, parallel);
    AtomicLong begun = new AtomicLong();
    try (ExecutorService watchers = Executors.newFixedThreadPool(shares)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < shares; i++) {
        long from = count * i / shares;
        long to = count * (i + 1) / shares;
        running.add(
            watchers.submit(
                () -> {
                  runRange(phase, from, to, begun, count);
                  return null;
                }));
      }
      for (Future<?> share : running) {
        await(share);
      }
    }
  }

  private static void await(Future<?> share) throws IOException, InterruptedException {
    try {
      share.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void runRange(String phase, long from, long to, AtomicLong begun, long count)
      throws IOException, InterruptedException {
    int deaths = 0;
    for (long next = from; next < to && deaths < DEATHS_MAX; ) {
      Path own = folder.resolve("child-" + started.incrementAndGet());
      Files.createDirectory(own);
      Path file = own.resolve("journal");
      try (Journal journal = Journal.open(file)) {
        Process child = start(phase, own, file, next, to);
        Outcome end = watch(child, own, journal, phase, begun, count);
        collect(journal, own);
        if (end == null) {
          next = to;
        } else {
          deaths++;
          failed(end, phase, journal, own);
          next = journal.current() + 1;
        }
      } finally {
        Folders.delete(own);
      }
    }
  }

  private Process start(String phase, Path own, Path journal, long from, long to)
      throws IOException {
    List<String> flags = new ArrayList<>(options);
    flags.add("-XX:ErrorFile=" + own.resolve("hs_err"));
    flags.add("-XX:-CreateCoredumpOnCrash");
    List<String> command =
        JavaCommand.of(
            flags,
            JavaCommand.ownClassPath(),
            main,
            List.of(
                phase,
                Long.toString(seed),
                Files.createDirectory(own.resolve("work")).toString(),
                journal.toString(),
                Long.toString(from),
                Long.toString(to)));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(own.resolve("output").toFile())
            .start();
    ALIVE.add(child);
    return child;
  }

  /** {@return how the child failed, or null} */
  private Outcome watch(
      Process child, Path own, Journal journal, String phase, AtomicLong begun, long count)
      throws InterruptedException {
    long last = 0;
    long beats = 0;
    long since = System.nanoTime();
    try {
      while (!child.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = journal.begun();
        begun.addAndGet(now - last);
        last = now;
        if (journal.beats() != beats) {
          beats = journal.beats();
          since = System.nanoTime();
        } else if (System.nanoTime() - since > DEADLINE.toNanos()) {
          return Outcome.HUNG;
        }
        if (bytes(own) > FOLDER_BYTES_MAX) {
          return Outcome.GROWN;
        }
        progress.tell(() -> String.format("%s: %,d of %,d", phase, begun.get(), count));
      }
      begun.addAndGet(journal.begun() - last);
      return child.exitValue() == 0 ? null : Outcome.CRASHED;
    } finally {
      child.destroyForcibly().waitFor();
      ALIVE.remove(child);
    }
  }

  private static long bytes(Path own) {
    try (Stream<Path> files = Files.walk(own)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      // Something was deleted meanwhile; the next look will tell.
      return 0;
    }
  }

  private synchronized void collect(Journal journal, Path own) throws IOException {
    tally.add(journal.tally());
    Path file = own.resolve("journal.findings");
    if (Files.exists(file)) {
      findings.addAll(Files.readAllLines(file));
    }
  }

  private synchronized void failed(Outcome end, String phase, Journal journal, Path own)
      throws IOException {
    String output = Files.readString(own.resolve("output"));
    if (journal.begun() == 0) {
      throw new IOException("a child JVM did not start: " + output.strip());
    }
    tally.add(end, 1);
    tally.add(Outcome.CYCLES, 1);
    boolean died = Files.exists(own.resolve("hs_err"));
    String how =
        died
            ? Files.readAllLines(own.resolve("hs_err")).stream()
                .filter(line -> line.startsWith("# C") || line.startsWith("# J"))
                .findFirst()
                .orElse("")
            : output.lines().filter(line -> line.contains("xception")).findFirst().orElse("");
    findings.add(
        end.name().toLowerCase(Locale.ROOT)
            + ": "
            + phase
            + " case "
            + journal.current()
            + " "
            + how);
  }
}
