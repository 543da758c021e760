package dev.askonce.bench.crash;

import dev.askonce.engine.CacheException;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.StoreReport;
import dev.askonce.engine.internal.base.CrashPoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The process that dies. Arguments: store, oracle, profile, the campaign's seed, its own seed, then
 * {@code work}, {@code verify}, or the name of a point and at which time there it ends.
 */
public final class CrashChild {
  /** The exit status at a point; that of a process ended by SIGKILL, too. */
  static final int KILLED = 137;

  static final int REFUSED = 3;
  static final int FAILED = 4;

  /** Only opens, asks for everything and closes. */
  static final String VERIFY = "verify";

  /** Works until it is killed. */
  static final String WORK = "work";

  private static final PrintStream OUT =
      new PrintStream(System.out, true, StandardCharsets.US_ASCII);
  private static final int PIECE_MILLIS = 50;
  private static final int OPEN_PIECES_MIN = 4;
  private static final int OPEN_PIECES = 16;

  private final Path store;
  private final Profile profile;
  private final Truth truth;
  private final Oracle oracle;
  private final Findings findings = new Findings(CrashChild::say);
  private final Asking asking;
  private final long asideBefore;

  private CrashChild(Path store, Path oracleFile, Profile profile, long seed) throws IOException {
    this.store = store;
    this.profile = profile;
    truth = profile.truth(seed);
    oracle = Oracle.open(oracleFile);
    asking = new Asking(truth, oracle, findings);
    asideBefore = asideCount();
  }

  /** Runs a child. */
  public static void main(String[] args) throws IOException {
    Path store = Path.of(args[0]);
    Profile profile = Profile.valueOf(args[2]);
    long ownSeed = Long.parseLong(args[4]);
    String task = args[5];
    if (args.length > 6) {
      endAt(CrashPoint.valueOf(task), Integer.parseInt(args[6]));
    }
    CrashChild child = new CrashChild(store, Path.of(args[1]), profile, Long.parseLong(args[3]));
    try {
      SemanticCache cache = child.open();
      child.verify(cache);
      if (task.equals(VERIFY)) {
        cache.close();
        check(store);
      } else {
        child.work(cache, new Random(ownSeed));
      }
    } catch (CacheException e) {
      end(REFUSED, Report.REFUSED + " " + e);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private static void check(Path store) {
    StoreReport report = SemanticCache.check(store);
    if (report.condition() != StoreReport.Condition.CLEAN) {
      end(FAILED, Report.FAILED + " fsck after the close: " + report);
    }
  }

  /** Ends the process when it gets to a point for the {@code time}-th time. */
  private static void endAt(CrashPoint point, int time) {
    AtomicInteger left = new AtomicInteger(time);
    CrashPoint.watch(
        reached -> {
          if (reached == point && left.decrementAndGet() == 0) {
            end(KILLED, Report.REACHED);
          }
        });
  }

  private static void say(String line) {
    OUT.println(line.replace('\n', ' '));
  }

  /** Ends without anything that an orderly end would do. */
  private static void end(int status, String line) {
    say(line);
    Runtime.getRuntime().halt(status);
  }

  private static void fail(Throwable failure) {
    failure.printStackTrace();
    end(FAILED, Report.FAILED + " " + failure);
  }

  private SemanticCache open() throws IOException {
    say(Report.OPENING);
    oracle.opening();
    long started = System.nanoTime();
    SemanticCache cache = profile.open(store, truth);
    say(Report.OPENED + " " + (System.nanoTime() - started) / 1_000_000);
    if (asideCount() > asideBefore && oracle.expectsAny()) {
      say(Report.REFUSED + " the store was moved aside, with entries that were acknowledged");
    }
    return cache;
  }

  private long asideCount() throws IOException {
    if (!Files.exists(store)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(store)) {
      return files.filter(file -> file.getFileName().toString().startsWith("aside-")).count();
    }
  }

  private void verify(SemanticCache cache) {
    Verification verification =
        new Verification(cache, profile.evicts(), truth, oracle, asking, findings);
    verification.run();
    verification.strangers(profile);
    // Where entries are evicted, those that are there do not show that none was lost.
    long kept = profile.evicts() ? 0 : findings.kept.sum();
    say(Report.VERIFIED + " " + kept + " " + findings.lost + " " + findings.lookups);
  }

  /** Works, closing and opening the store now and then, until the process is killed. */
  private void work(SemanticCache opened, Random random) {
    SemanticCache cache = opened;
    Workload workload =
        new Workload(cache, profile, truth, oracle, asking, findings, CrashChild::fail);
    workload.start(random.nextLong());
    long[] before = workload.operations();
    int pieces = 0;
    int open = OPEN_PIECES_MIN + random.nextInt(OPEN_PIECES);
    while (true) {
      LockSupport.parkNanos(PIECE_MILLIS * 1_000_000L);
      long[] now = workload.operations();
      if (haveAllGoneOn(before, now)) {
        say(Report.TICK + " " + Arrays.stream(now).sum() + " " + findings.dropped);
        before = now;
      }
      if (++pieces % open == 0) {
        cache.close();
        cache = profile.open(store, truth);
        workload.goOn(cache);
      }
    }
  }

  private static boolean haveAllGoneOn(long[] before, long[] now) {
    for (int i = 0; i < now.length; i++) {
      if (now[i] == before[i]) {
        return false;
      }
    }
    return true;
  }
}
