package dev.askonce.cli;

import dev.askonce.cli.demo.Demo;
import dev.askonce.cli.demo.DemoReport;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code askonce demo}: the main job, on an embedded default. */
@Command(
    name = "demo",
    description = {
      "Runs the support desk of a fictitious company through the whole stack:",
      "the official SDK, the cache on disk, the local embedder, and a model.",
      "The model is a stand-in on this machine; nothing leaves it without --live."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String KEY = "OPENAI_API_KEY";
  private static final int REQUESTS_MAX = 10_000_000;
  private static final long PROGRESS_NANOS = 1_000_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = {
        "Where to keep the store; entries in it are used again.",
        "Without it, a new store that is deleted at the end."
      })
  private Path directory;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "3000",
      description = "How many questions are asked, from 2. Default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed gives the same traffic. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--live",
      description = "Ask the real model; the key is taken from " + KEY + ". This costs money.")
  private boolean live;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin private SharedDemoOptions shared;

  private long progressNanos = System.nanoTime();

  @Override
  public Integer call() throws IOException {
    if (requests < 2 || requests > REQUESTS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--requests " + requests + " is not from 2 to " + REQUESTS_MAX);
    }
    if (live && System.getenv(KEY) == null) {
      throw new ParameterException(spec.commandLine(), "--live needs " + KEY);
    }
    if (shared.isHalf()) {
      throw new ParameterException(spec.commandLine(), "--keep and --secret-file need --redis URI");
    }
    if (shared.isShared()) {
      runShared();
      return 0;
    }
    Path kept = directory;
    Path store = kept != null ? kept : Files.createTempDirectory("askonce-demo-");
    try (Embedder embedder = MiniLmEmbedder.open();
        Verifier verifier = CrossEncoder.open()) {
      Demo.Settings settings = new Demo.Settings(store, requests, seed, live);
      DemoReport report = new Demo(settings, embedder, verifier, this::progress).run();
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(JsonOutput.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report));
      } else {
        report.print(out, kept != null ? kept.toString() : "a directory deleted now");
      }
      out.flush();
      return 0;
    } finally {
      if (kept == null) {
        delete(store);
      }
    }
  }

  private void runShared() throws IOException {
    if (live || directory != null) {
      throw new ParameterException(
          spec.commandLine(), "--redis needs neither --live nor --dir: each process has its store");
    }
    Path stores = Files.createTempDirectory("askonce-demo-");
    try {
      shared.run(stores, requests, seed, json);
    } finally {
      delete(stores);
    }
  }

  private void progress(int done) {
    long now = System.nanoTime();
    if (now - progressNanos >= PROGRESS_NANOS || done == requests / 2) {
      progressNanos = now;
      String note = done == requests / 2 ? ", closing and reopening the store" : "";
      spec.commandLine().getErr().printf("%,d of %,d questions%s%n", done, requests, note);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
