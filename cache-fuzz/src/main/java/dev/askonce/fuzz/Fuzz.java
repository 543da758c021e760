package dev.askonce.fuzz;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.image.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The campaign: every target for its time, some at a time. */
public final class Fuzz {
  private final FuzzSettings settings;
  private final Progress progress;

  public Fuzz(FuzzSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Runs all targets.
   *
   * @param found where the inputs of findings are kept
   */
  public FuzzReport run(Folders.Work found) throws IOException, InterruptedException {
    long started = System.nanoTime();
    try (MemoryFolder folder = MemoryFolder.create("askonce-fuzz-");
        ExecutorService watchers = Executors.newFixedThreadPool(settings.parallel())) {
      List<Future<TargetReport>> running = new ArrayList<>();
      for (String target : settings.targets()) {
        running.add(watchers.submit(() -> run(target, folder.path(), found.path())));
      }
      List<TargetReport> reports = new ArrayList<>();
      try {
        for (Future<TargetReport> report : running) {
          reports.add(report.get());
        }
      } catch (ExecutionException e) {
        watchers.shutdownNow();
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
      FuzzReport report =
          FuzzReport.of(reports, (System.nanoTime() - started) / 1e9, settings.seed());
      if (!report.sound()) {
        found.keep();
      }
      return report;
    }
  }

  private TargetReport run(String target, Path folder, Path found)
      throws IOException, InterruptedException {
    Path work = Files.createDirectory(folder.resolve(target));
    Path corpus = work.resolve("corpus");
    List<byte[]> inputs = new ArrayList<>(Corpus.known(target));
    if (settings.corpora().isPresent()) {
      inputs.addAll(Corpus.read(file(target)));
    }
    Corpus.unpack(inputs, corpus);
    TargetReport report = new JazzerRun(target, work, found, progress).fuzz(corpus, settings);
    if (settings.corpora().isPresent()) {
      Path least = Files.createDirectory(work.resolve("least"));
      new JazzerRun(target, work, found, progress).merge(corpus, least);
      Corpus.pack(least, file(target));
    }
    Folders.delete(work);
    return report;
  }

  private Path file(String target) {
    return settings.corpora().orElseThrow().resolve(target + ".txt");
  }
}
