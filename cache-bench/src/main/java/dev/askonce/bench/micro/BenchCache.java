package dev.askonce.bench.micro;

import dev.askonce.bench.data.Corpus;
import dev.askonce.engine.Answer;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Embedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/** A cache over a {@link Corpus} in a temporary directory, which is deleted with it. */
final class BenchCache implements AutoCloseable {
  static final Scope SCOPE = Scope.tenant("bench").with("model", "any");

  /** An answer of 1 kB. */
  static final Answer ANSWER = Answer.text("An answer of a kilobyte. ".repeat(40));

  private static final String MAINTENANCE_THREAD = "askonce-maintenance";
  private static final int IDLE_WINDOW_MILLIS = 1_500;
  private static final long IDLE_CPU_NANOS = 15_000_000;
  private static final long SETTLE_NANOS_MAX = Duration.ofMinutes(10).toNanos();

  final SemanticCache cache;
  private final Path directory;

  BenchCache(Corpus corpus, int entriesMax) {
    try {
      directory = Files.createTempDirectory("askonce-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cache =
        SemanticCache.at(directory)
            .embedder(new CorpusEmbedder(corpus))
            .entriesMax(entriesMax)
            .ttl(Duration.ofDays(1))
            .open();
  }

  /** {@return a text whose embedding is the corpus's entry {@code index}} */
  static String text(int index) {
    return "How do I change the delivery address of an order that was placed as number " + index;
  }

  /** Ends a benchmark that does not measure what it says. */
  static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalStateException(problem);
    }
  }

  /**
   * Waits until no entry is left to be linked: until the maintenance thread uses no processor time.
   *
   * @throws IllegalStateException if it does after ten minutes
   */
  static void settle() throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long id = maintenanceThread(threads);
    long deadline = System.nanoTime() + SETTLE_NANOS_MAX;
    long used;
    do {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("entries are still being linked");
      }
      used = threads.getThreadCpuTime(id);
      Thread.sleep(IDLE_WINDOW_MILLIS);
    } while (threads.getThreadCpuTime(id) - used > IDLE_CPU_NANOS);
  }

  private static long maintenanceThread(ThreadMXBean threads) {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals(MAINTENANCE_THREAD))
        .mapToLong(ThreadInfo::getThreadId)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    cache.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Reads the number at the end of a text. */
  private record CorpusEmbedder(Corpus corpus) implements Embedder {
    @Override
    public int dimension() {
      return Corpus.DIMENSION;
    }

    @Override
    public String fingerprint() {
      return "corpus";
    }

    @Override
    public Embedding embed(String text, Duration timeout) {
      int index = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
      return new Embedding(corpus.entry(index), false);
    }
  }
}
