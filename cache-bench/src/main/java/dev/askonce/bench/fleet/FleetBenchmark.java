package dev.askonce.bench.fleet;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.fleet.FleetSettings.Part;
import dev.askonce.redis.rig.RedisProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Measures what a fleet's replication costs and does, in processes beside a server of its own. */
public final class FleetBenchmark {
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int MANY_SCOPES = 64;
  private static final int WARM_UP_PUTS = 20_000;
  private static final int ROUNDS = 9;
  private static final long ROUND_MILLIS = 1_000;
  private static final int THREADS_OF_CALLS = 16;
  private static final int WARM_UP_QUESTIONS = 50;
  private static final String HEAP = "1g";
  private static final String SMALL_HEAP = "192m";

  private final FleetSettings settings;
  private final Progress progress;
  private ChildJvm jvm;
  private Path directory;

  public FleetBenchmark(FleetSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** A measurement beside a server of its own. */
  private interface Measurement<T> {
    T run(String address) throws IOException, InterruptedException;
  }

  public FleetReport run() throws IOException, InterruptedException {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    try (Folders.Work work = Folders.work(Optional.empty(), "askonce-fleet")) {
      directory = work.path();
      jvm = new ChildJvm(Files.createDirectory(directory.resolve("classes")));
      return new FleetReport(
          Runtime.getRuntime().availableProcessors(),
          load,
          measure(Part.LATENCY, this::latency),
          measure(Part.LOOKUPS, this::lookups),
          measure(Part.PUTS, address -> puts(address, MANY_SCOPES)),
          measure(Part.PUTS, address -> puts(address, 1)),
          measure(Part.JOIN, this::join),
          measure(Part.CALLS, this::calls));
    }
  }

  private <T> T measure(Part part, Measurement<T> measurement)
      throws IOException, InterruptedException {
    if (!settings.parts().contains(part)) {
      return null;
    }
    try (RedisProcess server = new RedisProcess()) {
      T result = measurement.run(server.uri());
      progress.step(result.toString());
      return result;
    }
  }

  private Member member(String name, String address) throws IOException, InterruptedException {
    return Member.start(jvm, directory, name, address, HEAP);
  }

  private FleetReport.Latency latency(String address) throws IOException, InterruptedException {
    try (Member sender = member("latency-sender", address);
        Member receiver = member("latency-receiver", address)) {
      // First as many that are not counted: compilers need their time.
      String[] nanos = {};
      for (String name : List.of("warmup", "latency")) {
        receiver.ask("begin " + name + " 1");
        receiver.tell("watch " + name + " " + settings.latencies());
        sender.ask("paced " + name + " " + settings.latencies() + " " + PACE_NANOS);
        nanos = receiver.answer();
      }
      return new FleetReport.Latency(
          settings.latencies(), millis(nanos[0]), millis(nanos[1]), millis(nanos[2]));
    }
  }

  private static double millis(String nanos) {
    return Long.parseLong(nanos) / 1e6;
  }

  private FleetReport.Lookups lookups(String address) throws IOException, InterruptedException {
    int entries = settings.lookupEntries();
    try (Member on = member("lookups-on", address);
        Member off = member("lookups-off", null)) {
      for (Member each : List.of(on, off)) {
        each.tell("put lookups 1 0 " + entries);
      }
      for (Member each : List.of(on, off)) {
        each.answer();
        each.ask("linked");
      }
      on.ask("published");
      // In turn, so that what else the machine does concerns both.
      double[][] rates = new double[4][ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        int row = 0;
        for (String kind : List.of("vector", "exact")) {
          for (Member each : round % 2 == 0 ? List.of(on, off) : List.of(off, on)) {
            String task = "lookups lookups " + entries + " " + kind + " " + ROUND_MILLIS;
            double rate = Double.parseDouble(each.ask(task)[0]);
            if (round >= 0) {
              rates[row + (each == on ? 0 : 1)][round] = rate;
            }
          }
          row += 2;
        }
      }
      return new FleetReport.Lookups(
          entries,
          ROUNDS,
          median(rates[0]),
          median(rates[1]),
          medianRatio(rates[0], rates[1]),
          median(rates[2]),
          median(rates[3]),
          medianRatio(rates[2], rates[3]));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double medianRatio(double[] on, double[] off) {
    double[] ratios = new double[on.length];
    for (int i = 0; i < on.length; i++) {
      ratios[i] = on[i] / off[i];
    }
    return median(ratios);
  }

  private FleetReport.Puts puts(String address, int scopes)
      throws IOException, InterruptedException {
    int puts = settings.puts();
    String both = "together " + scopes;
    String alone = "alone " + scopes;
    try (Member sender = member("puts-sender-" + scopes, address);
        Member receiver = member("puts-receiver-" + scopes, address)) {
      receiver.ask("begin warmup 64");
      sender.ask("put warmup 64 0 " + WARM_UP_PUTS);
      receiver.ask("await " + WARM_UP_PUTS);

      receiver.ask("begin " + both);
      String[] put = sender.ask("put " + both + " 0 " + puts);
      long arrived = receiver.askLong("await " + (WARM_UP_PUTS + puts));
      double together = rate(puts, Long.parseLong(put[0]), arrived);
      String[] lag = receiver.ask("lag");

      receiver.ask("begin " + alone);
      receiver.ask("linked");
      receiver.signal("STOP");
      put = sender.ask("put " + alone + " 0 " + puts);
      long published = sender.askLong("published");
      sender.ask("linked");
      long goOn = System.nanoTime();
      receiver.signal("CONT");
      arrived = receiver.askLong("await " + (WARM_UP_PUTS + 2L * puts));
      long unlinked = receiver.askLong("unlinked");
      int unfound = (int) receiver.askLong("unfound " + alone + " " + puts);
      long linked = receiver.askLong("linked");
      return new FleetReport.Puts(
          scopes,
          puts,
          rate(puts, Long.parseLong(put[0]), published),
          rate(puts, goOn, arrived),
          together,
          unfound,
          unlinked,
          (linked - arrived) / 1e9,
          Long.parseLong(put[2]),
          Long.parseLong(lag[0]),
          Long.parseLong(lag[1]));
    }
  }

  private static double rate(int count, long fromNanos, long toNanos) {
    return count / ((toNanos - fromNanos) / 1e9);
  }

  private FleetReport.Join join(String address) throws IOException, InterruptedException {
    int entries = settings.joinEntries();
    try (Member sender = member("join-sender", address)) {
      sender.ask("put join 1 0 " + entries);
      sender.ask("published");
      sender.ask("linked");
      try (Member joining = member("join-receiver", address)) {
        long started = System.nanoTime();
        joining.tell("begin join 1");
        joining.answer();
        long joined = joining.askLong("await " + entries);
        long unlinked = joining.askLong("unlinked");
        int unfound = (int) joining.askLong("unfound join 1 " + entries);
        long linked = joining.askLong("linked");
        return new FleetReport.Join(
            entries, (joined - started) / 1e9, unfound, unlinked, (linked - joined) / 1e9);
      }
    }
  }

  private FleetReport.Calls calls(String address) throws IOException, InterruptedException {
    List<Member> members = new ArrayList<>();
    try {
      for (int i = 0; i < settings.processes(); i++) {
        members.add(Member.start(jvm, directory, "calls-" + i, address, SMALL_HEAP));
      }
      for (Member member : members) {
        member.ask("begin calls 1");
        // What a process does for the first time takes so long that the others are done.
        member.ask("ask warmup-of-" + member.name() + " " + WARM_UP_QUESTIONS + " 1");
      }
      long started = System.nanoTime();
      for (Member member : members) {
        member.tell("ask calls " + settings.questions() + " " + THREADS_OF_CALLS);
      }
      long calls = 0;
      long wrong = 0;
      long uncoordinated = 0;
      for (Member member : members) {
        String[] answer = member.answer();
        calls += Long.parseLong(answer[0]);
        wrong += Long.parseLong(answer[1]);
        uncoordinated += Long.parseLong(answer[2]);
      }
      return new FleetReport.Calls(
          settings.processes(),
          settings.questions(),
          (long) settings.processes() * settings.questions(),
          calls,
          uncoordinated,
          wrong,
          (System.nanoTime() - started) / 1e9);
    } finally {
      members.forEach(Member::close);
    }
  }
}
