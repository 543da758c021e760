package dev.askonce.bench.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One child, from its start to its end. Used once, by one thread. */
final class ChildRun {
  /** A child that tells nothing for so long hangs, unless it just gets no processor. */
  private static final long SILENCE_MILLIS = 30_000;

  /** One that had so much of a processor meanwhile hangs. */
  private static final long SILENCE_CPU_MILLIS = 15_000;

  /** One that had so little waits for itself. */
  private static final long IDLE_CPU_MILLIS = 100;

  /** One that tells nothing for so long hangs in any case. */
  private static final long STARVED_SILENCE_MILLIS = 300_000;

  /** How long a child may work without getting to its point. */
  private static final long POINT_MILLIS = 6_000;

  private static final long THREAD_DUMP_MILLIS = 1_000;

  /** The status of a JVM that ended on SIGTERM. */
  private static final int TERMINATED = 128 + 15;

  private final Kill kill;
  private long killAtNanos = Long.MAX_VALUE;
  private boolean killed;

  final List<String> findings = new ArrayList<>();
  boolean reached;
  boolean opened;
  boolean verified;
  boolean hung;
  boolean refused;
  boolean failed;
  int wrong;
  long openMillis;
  long kept;
  long lost;
  long dropped;

  ChildRun(Kill kill) {
    this.kill = kill;
  }

  /**
   * Runs the child and ends it as told.
   *
   * @param errors what it writes to its standard error goes there
   */
  void run(List<String> command, Path errors) throws IOException, InterruptedException {
    int status;
    try (ChildLines child = ChildLines.start(command, errors)) {
      watch(child);
      if (killed && isAsked()) {
        hung = !child.end(SILENCE_MILLIS);
      }
      if (killed || hung) {
        child.kill();
      }
      status = child.status();
      for (String line = child.next(0); line != null; line = child.next(0)) {
        told(line);
      }
    }
    judge(status);
  }

  private void watch(ChildLines child) throws IOException, InterruptedException {
    long silentNanos = System.nanoTime();
    long cpuMillis = child.cpuMillis();
    long silenceMillis = SILENCE_MILLIS;
    while (true) {
      long now = System.nanoTime();
      long silence = silentNanos + TimeUnit.MILLISECONDS.toNanos(silenceMillis) - now;
      if (killAtNanos != Long.MAX_VALUE && killAtNanos <= now) {
        killed = true;
        return;
      } else if (silence <= 0 && isStarved(child.cpuMillis() - cpuMillis, silenceMillis)) {
        silenceMillis += SILENCE_MILLIS;
        continue;
      } else if (silence <= 0) {
        hung = true;
        findings.add("hung: said nothing for " + silenceMillis / 1000 + " s");
        dumpThreads(child);
        return;
      }
      String line = child.next(Math.min(silence, killAtNanos - now));
      if (line != null) {
        silentNanos = System.nanoTime();
        cpuMillis = child.cpuMillis();
        silenceMillis = SILENCE_MILLIS;
        told(line);
        if (line.equals(ChildLines.END)) {
          return;
        }
      }
    }
  }

  private static boolean isStarved(long cpuMillis, long silenceMillis) {
    return cpuMillis >= IDLE_CPU_MILLIS
        && cpuMillis < SILENCE_CPU_MILLIS
        && silenceMillis < STARVED_SILENCE_MILLIS;
  }

  private void dumpThreads(ChildLines child) throws IOException, InterruptedException {
    child.dumpThreads();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(THREAD_DUMP_MILLIS);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      String line = child.next(left);
      if (line != null) {
        findings.add(line);
      }
    }
  }

  private void told(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case Report.OPENING -> {
        if (kill instanceof Kill.AtRandom random && random.opening()) {
          killIn(random.delayMillis());
        }
      }
      case Report.OPENED -> {
        opened = true;
        openMillis = Long.parseLong(words[1]);
      }
      case Report.VERIFIED -> verified(words);
      case Report.TICK -> dropped = Long.parseLong(words[2]);
      case Report.REACHED -> reached = true;
      case Report.WRONG, Report.LOST, Report.REFUSED, Report.FAILED -> found(words[0], line);
      default -> {
        // Not of the child's own: a library's.
      }
    }
  }

  private void verified(String[] words) {
    verified = true;
    kept = Long.parseLong(words[1]);
    if (kill instanceof Kill.AtRandom random && !random.opening()) {
      killIn(random.delayMillis());
    } else if (kill instanceof Kill.AtPoint) {
      killIn(POINT_MILLIS);
    }
  }

  private void killIn(long millis) {
    killAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void found(String what, String line) {
    findings.add(line);
    switch (what) {
      case Report.WRONG -> wrong++;
      case Report.LOST -> lost++;
      case Report.REFUSED -> refused = true;
      default -> failed = true;
    }
  }

  private boolean isAsked() {
    return kill instanceof Kill.AtRandom random && random.asked();
  }

  private void judge(int status) {
    if (killed && isAsked() && !hung && status != TERMINATED) {
      failed = true;
      findings.add("failed: ended with status " + status + " after SIGTERM");
    }
    boolean asTold = killed || hung || reached || refused || failed;
    if (!asTold && (status != 0 || !(kill instanceof Kill.Never))) {
      failed = true;
      findings.add("failed: ended by itself with status " + status);
    }
  }

  boolean foundSomething() {
    return wrong > 0 || lost > 0 || hung || refused || failed;
  }
}
