package dev.askonce.bench.crash;

import dev.askonce.engine.internal.base.CrashPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what the children of a campaign found. Thread-safe. */
final class Tally {
  private static final int FINDINGS_MAX = 20;
  private static final int EVIDENCE_MAX = 10;

  private final Map<String, Integer> points = new LinkedHashMap<>();
  private final List<String> evidence = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private int cycles;
  private int randomKills;
  private int terminations;
  private int unreached;
  private int hung;
  private int refused;
  private int failed;
  private int verified;
  private long wrong;
  private long lost;
  private long kept;
  private long dropped;

  Tally(boolean withPoints) {
    if (withPoints) {
      for (CrashPoint point : CrashPoint.values()) {
        points.put(point.name(), 0);
      }
    }
  }

  synchronized void add(ChildRun run, Kill kill) {
    if (kill instanceof Kill.AtPoint at && run.reached) {
      points.merge(at.point().name(), 1, Integer::sum);
      cycles++;
    } else if (kill instanceof Kill.AtRandom random && random.asked()) {
      terminations++;
      cycles++;
    } else if (!(kill instanceof Kill.Never)) {
      randomKills++;
      cycles++;
    }
    hung += run.hung ? 1 : 0;
    refused += run.refused ? 1 : 0;
    failed += run.failed ? 1 : 0;
    verified += run.verified ? 1 : 0;
    wrong += run.wrong;
    lost += run.lost;
    kept += run.kept;
    dropped += run.dropped;
    run.findings.stream().limit(FINDINGS_MAX - findings.size()).forEach(findings::add);
  }

  synchronized void addUnreached(Kill.AtPoint kill) {
    unreached++;
    if (findings.size() < FINDINGS_MAX) {
      findings.add("not reached: " + kill);
    }
  }

  /** {@return whether a directory is to be kept} */
  synchronized boolean keep(Path directory) {
    return evidence.size() < EVIDENCE_MAX && evidence.add(directory.toString());
  }

  synchronized CrashReport report(long seed, double seconds) {
    return new CrashReport(
        cycles,
        randomKills,
        terminations,
        wrong,
        hung,
        refused,
        failed,
        lost,
        kept,
        kept + lost == 0 ? 1 : (double) kept / (kept + lost),
        dropped,
        verified,
        seed,
        seconds,
        new LinkedHashMap<>(points),
        unreached,
        List.copyOf(evidence),
        List.copyOf(findings));
  }
}
