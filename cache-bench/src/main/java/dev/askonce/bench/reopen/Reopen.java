package dev.askonce.bench.reopen;

import dev.askonce.bench.data.Folders;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.MissReason;
import dev.askonce.engine.SemanticCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Fills a store, or takes one that an earlier run left, and opens it again and again. */
public final class Reopen {
  private static final int QUESTIONS = 1_000;
  private static final int FILLED_AT_ONCE = 10_000;
  private static final long NAP_MILLIS = 100;
  private static final Set<MissReason> NOT_YET =
      EnumSet.of(MissReason.RECOVERING, MissReason.READ_TIMEOUT);

  private final Path base;
  private final VectorFile vectors;
  private final Path directory;
  private final boolean keeps;
  private final int cycles;
  private final Progress progress;
  private final Store store;
  private final int[] questions;
  private final List<Double> closeSeconds = new ArrayList<>();
  private long early;
  private long wrong;

  /**
   * @param directory where the store is kept, or empty for a temporary one
   * @param cycles openings of each kind
   */
  public Reopen(
      Path base,
      VectorFile vectors,
      Optional<Path> directory,
      int cycles,
      long seed,
      Progress progress)
      throws IOException {
    this.base = base;
    this.vectors = vectors;
    this.cycles = cycles;
    this.progress = progress;
    keeps = directory.isPresent();
    this.directory = keeps ? directory.get() : Files.createTempDirectory("askonce-reopen");
    store = new Store(this.directory, vectors);
    questions = new Random(seed).ints(QUESTIONS, 0, vectors.count()).toArray();
  }

  /** Runs all openings. */
  public ReopenReport run() throws IOException, InterruptedException {
    try {
      double buildSeconds = fill();
      List<Double> fresh = new ArrayList<>();
      List<Opened> clean = new ArrayList<>();
      List<Opened> unclean = new ArrayList<>();
      for (int i = 0; i < cycles; i++) {
        progress.step("opening " + (i + 1) + " of " + cycles);
        clean.add(open());
        fresh.add(child(i, false));
        child(i, true);
        unclean.add(open());
      }
      return new ReopenReport(
          vectors.count(),
          vectors.dimension(),
          Store.answer(0).text().length(),
          buildSeconds,
          closeSeconds,
          clean,
          unclean,
          fresh,
          wrong);
    } finally {
      if (!keeps) {
        Folders.delete(directory);
      }
    }
  }

  private double child(int cycle, boolean dies) throws IOException, InterruptedException {
    return FreshProcess.run(directory, base, vectors.dimension(), questions[cycle], dies);
  }

  private double fill() throws InterruptedException {
    long started = System.nanoTime();
    SemanticCache cache = store.open();
    int count = vectors.count();
    // An earlier run left all entries or was cut short.
    int there = (int) Math.min(cache.stats().entries(), count);
    for (int from = there; from < count; from += FILLED_AT_ONCE) {
      int to = Math.min(count, from + FILLED_AT_ONCE);
      store.fill(cache, from, to);
      progress.tell(() -> "filled %,d of %,d".formatted(to, count));
    }
    while (cache.stats().entriesUnlinked() > 0) {
      Thread.sleep(NAP_MILLIS);
    }
    double seconds = there == count ? 0 : (System.nanoTime() - started) / 1e9;
    close(cache);
    return seconds;
  }

  private void close(SemanticCache cache) {
    long started = System.nanoTime();
    cache.close();
    closeSeconds.add((System.nanoTime() - started) / 1e9);
  }

  private Opened open() {
    long started = System.nanoTime();
    SemanticCache cache = store.open();
    double openMillis = millisSince(started);
    early = 0;
    int asked = 0;
    while (!ask(cache, questions[asked++ % QUESTIONS]).isHit()) {}
    double firstHitMillis = millisSince(started);
    cache.stats();
    double recordsMillis = millisSince(started);
    long notFound = 0;
    for (int question : questions) {
      notFound += isAnswered(cache, question) ? 0 : 1;
    }
    double allMillis = millisSince(started);
    close(cache);
    return new Opened(openMillis, firstHitMillis, recordsMillis, allMillis, early, notFound);
  }

  /** Asks, again while it is not known yet. {@return whether it was answered} */
  private boolean isAnswered(SemanticCache cache, int entry) {
    Lookup lookup = ask(cache, entry);
    while (lookup.missReason().filter(NOT_YET::contains).isPresent()) {
      early++;
      lookup = ask(cache, entry);
    }
    return lookup.isHit();
  }

  private Lookup ask(SemanticCache cache, int entry) {
    Lookup lookup = store.ask(cache, entry);
    // Near duplicates of a vector may answer for it; what they answer is some entry's answer.
    if (lookup.isHit() && !isSomeAnswer(lookup.answer().orElseThrow().text())) {
      wrong++;
    }
    return lookup;
  }

  private boolean isSomeAnswer(String text) {
    String number = text.substring(text.indexOf(' ') + 1, text.indexOf('.'));
    return text.equals(Store.answer(Integer.parseInt(number)).text());
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
