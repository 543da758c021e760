package dev.askonce.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import dev.askonce.bench.data.JavaCommand;
import dev.askonce.bench.data.Progress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One process of Jazzer, and what it says. */
final class JazzerRun {
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmn64m",
          "-Xmx256m",
          "-ea",
          "-XX:+EnableDynamicAgentLoading",
          "-XX:-CreateCoredumpOnCrash",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");

  /** What Jazzer looks for in any program and nothing here does: each costs time at the start. */
  private static final String DETECTORS =
      Stream.of(
              ("BigDecimal ClojureLangHooks Deserialization ExpressionLanguageInjection"
                      + " FilePathTraversal LdapInjection NamingContextLookup OsCommandInjection"
                      + " ReflectiveCall RegexInjection RegexRoadblocks ScriptEngineInjection"
                      + " ServerSideRequestForgery SqlInjection TemplateInjection UnsafeSanitizer"
                      + " XPathInjection XmlParserSsrfGuidance")
                  .split(" "))
          .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
          .collect(Collectors.joining(":"));

  /*
   * Hooks in libraries cost nine tenths of the speed, and the code under test is ours. What is
   * instrumented but only computes, again and again in each opening, costs time and leads nowhere.
   */
  private static final List<String> JAZZER =
      List.of(
          "--target_class=" + FuzzChild.class.getName(),
          "--instrumentation_includes=dev.askonce.**",
          "--instrumentation_excludes=dev.askonce.fuzz.**:dev.askonce.bench.image.**"
              + ":dev.askonce.engine.internal.kernel.**"
              + ":dev.askonce.engine.internal.policy.UseForecast",
          "--custom_hook_includes=dev.askonce.**",
          "--disabled_hooks=" + DETECTORS,
          "-rss_limit_mb=4096",
          "-len_control=0",
          "-max_len=2048");

  /** Libraries that no target needs: Jazzer looks through all classes when it starts. */
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          ".*/(kotlin|okhttp|okio|openai|swagger|jsonschema|lucene|jvector|eclipse|onnxruntime"
              + "|langchain4j|caffeine|hnswlib|commons-math|picocli)[^/]*\\.jar");

  /** One input takes no longer, or it hangs. */
  private static final int INPUT_SECONDS_MAX = 20;

  /** Lines at the end of what a process said, for one that ends without a word on why. */
  private static final int LINES_KEPT = 20;

  private static final Pattern STATUS =
      Pattern.compile("#(\\d+)\\s+\\w+\\s+cov: (\\d+) .*corp: (\\d+)/.*");
  private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: (\\d+)");
  private static final Pattern CAUSE =
      Pattern.compile("== Java Exception: (.*)|==\\d+== ERROR: (libFuzzer: .*)");
  private static final Pattern INPUT = Pattern.compile(".*Test unit written to (.*)");

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final String target;
  private final Path work;
  private final Path found;
  private final Progress progress;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final List<String> findings = new ArrayList<>();
  private String cause = "";
  private long executions;
  private long edges;
  private long inputs;
  private long beganNanos;

  /**
   * @param work of this run alone
   * @param found where inputs of findings go
   */
  JazzerRun(String target, Path work, Path found, Progress progress) {
    this.target = target;
    this.work = work;
    this.found = found;
    this.progress = progress;
  }

  /** Fuzzes until the time is over, or something is found. New inputs go into the corpus. */
  TargetReport fuzz(Path corpus, FuzzSettings settings) throws IOException, InterruptedException {
    int status =
        run(
            List.of(
                "-seed=" + Math.floorMod(settings.seed(), Integer.MAX_VALUE),
                "-runs=" + settings.runs(),
                "-max_total_time=" + settings.seconds(),
                "-timeout=" + INPUT_SECONDS_MAX,
                "-print_final_stats=1",
                corpus.toString()));
    if (status != 0 && findings.isEmpty()) {
      findings.add(target + ": the process ended with " + status + ": " + lastLines);
    }
    double seconds = beganNanos == 0 ? 0 : (System.nanoTime() - beganNanos) / 1e9;
    long rate = seconds > 0 ? Math.round(executions / seconds) : 0;
    return new TargetReport(
        target, executions, rate, edges, inputs, seconds, List.copyOf(findings));
  }

  /** Takes from a corpus the inputs that reach all that it reaches. */
  void merge(Path corpus, Path least) throws IOException, InterruptedException {
    int status = run(List.of("-merge=1", least.toString(), corpus.toString()));
    if (status != 0) {
      throw new IOException(target + ": the corpus cannot be merged: " + lastLines);
    }
  }

  private int run(List<String> arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(JAZZER);
    all.add("--target_args=" + target);
    all.add("--reproducer_path=" + work);
    all.add("-artifact_prefix=" + found.toAbsolutePath() + "/" + target + "-");
    all.addAll(arguments);
    List<String> flags = new ArrayList<>(FLAGS);
    flags.add("-XX:ErrorFile=" + found.resolve(target + "-hs_err"));
    Process process =
        new ProcessBuilder(JavaCommand.of(flags, classPath(), Jazzer.class, all))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .start();
    ALIVE.add(process);
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read(line);
      }
      return process.waitFor();
    } finally {
      process.destroyForcibly().waitFor();
      ALIVE.remove(process);
    }
  }

  private static String classPath() {
    return Stream.of(JavaCommand.ownClassPath().split(File.pathSeparator))
        .filter(entry -> !NOT_NEEDED.matcher(entry).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void read(String line) {
    lastLines.addLast(line);
    if (lastLines.size() > LINES_KEPT) {
      lastLines.removeFirst();
    }
    Matcher status = STATUS.matcher(line);
    if (status.matches()) {
      beganNanos = beganNanos == 0 ? System.nanoTime() : beganNanos;
      executions = Long.parseLong(status.group(1));
      edges = Long.parseLong(status.group(2));
      inputs = Long.parseLong(status.group(3));
      progress.tell(() -> String.format("%s: %,d executions", target, executions));
      return;
    }
    Matcher executed = EXECUTED.matcher(line);
    if (executed.matches()) {
      executions = Long.parseLong(executed.group(1));
    }
    Matcher why = CAUSE.matcher(line);
    if (why.matches()) {
      cause = why.group(1) != null ? why.group(1) : why.group(2);
    }
    Matcher input = INPUT.matcher(line);
    if (input.matches()) {
      findings.add(target + ": " + cause + ": " + input.group(1));
    }
  }
}
