package dev.askonce.bench.vectors;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures our index and its peers on the vectors of two files, in one run: all are built, one
 * after another, then searched in turns, so that whatever else the machine does meets all alike.
 */
public final class VectorBenchmark {
  /**
   * What to measure.
   *
   * @param base file of the entries
   * @param queries file of the queries, which should not stand in the base
   * @param dimension components of a vector
   * @param tau the threshold of a hit, a raw cosine
   * @param threads that build, and that search
   * @param seconds of searching for each row
   * @param buildSecondsMax a build that takes longer is given up
   * @param learnSecondsMax how long an engine may learn
   */
  public record Settings(
      Path base,
      Path queries,
      int dimension,
      float tau,
      int threads,
      double seconds,
      double buildSecondsMax,
      double learnSecondsMax) {}

  private static final int ROUNDS = 4;
  private static final long SHUFFLE_SEED = 20_260_704;

  private final Settings settings;
  private final Progress progress;
  private final List<Series.Built> engines = new ArrayList<>();
  private final List<Series> series = new ArrayList<>();

  /**
   * @param listener told in a line now and then where the run is, and why an engine is left out
   */
  public VectorBenchmark(Settings settings, Consumer<String> listener) {
    this.settings = settings;
    progress = new Progress(listener);
  }

  /**
   * {@return a row for each engine, mode and setting}
   *
   * @throws InputException if a file does not hold what it should
   */
  public List<Row> run(List<Peer> peers) throws Exception {
    try (VectorFile base = VectorFile.open(settings.base, settings.dimension);
        VectorFile queries = VectorFile.open(settings.queries, settings.dimension)) {
      return measure(new Data(base, queries, SHUFFLE_SEED), peers);
    } finally {
      engines.forEach(built -> built.engine().close());
    }
  }

  private List<Row> measure(Data data, List<Peer> peers) throws Exception {
    Truth truth = Truth.of(data, progress);
    tellWhatIsAsked(data, truth);
    for (Peer peer : peers) {
      try {
        build(peer.open(), data);
      } catch (BuildPace.TooSlow | IOException e) {
        progress.step(peer.label() + " is left out: " + e.getMessage());
      }
    }
    search(data.queries().length);
    return rows(data, truth);
  }

  private void tellWhatIsAsked(Data data, Truth truth) {
    int queryCount = data.queries().length;
    long hits = 0;
    for (int i = 0; i < queryCount; i++) {
      hits += truth.best(i) >= settings.tau ? 1 : 0;
    }
    progress.step(
        "%,d entries, %,d queries, of which %,d have an entry at %s or over it"
            .formatted(data.base().count(), queryCount, hits, Recalls.key(settings.tau)));
    int equal = truth.queriesInBase(data);
    if (equal > 0) {
      progress.step("%,d queries have an exact equal in the base".formatted(equal));
    }
  }

  private void build(Engine engine, Data data) throws Exception {
    boolean usable = false;
    try {
      engine.prepare(data);
      progress.step("%s: building".formatted(engine.name()));
      BuildPace pace =
          new BuildPace(
              engine.name(),
              data.base().count(),
              settings.threads,
              settings.buildSecondsMax,
              progress);
      engine.build(pace);
      double seconds = pace.seconds();
      Series.Built built = new Series.Built(engine, seconds, engine.bytes());
      progress.step("%s: built in %.1f s".formatted(engine.name(), built.seconds()));
      engine.learn(settings.tau, settings.learnSecondsMax, progress);
      engines.add(built);
      addSeries(built);
      usable = true;
    } finally {
      if (!usable) {
        engine.close();
      }
    }
  }

  private void addSeries(Series.Built built) {
    for (Mode mode : Mode.values()) {
      if (mode != Mode.ANY || built.engine().stopsAtThreshold()) {
        for (Setting setting : built.engine().settings(mode)) {
          series.add(new Series(built, mode, settings.tau, setting));
        }
      }
    }
  }

  private void search(int queryCount) throws Exception {
    long nanos = (long) (settings.seconds * TimeUnit.SECONDS.toNanos(1) / ROUNDS);
    // Like beside like: a machine that slows down for a while then slows all engines of a beam.
    series.sort(Comparator.<Series>comparingInt(one -> one.mode().k).thenComparing(Series::beam));
    for (Series one : series) {
      progress.tell(() -> "warm-up: " + one);
      one.warmUp(nanos, settings.threads);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      int now = round;
      for (Series one : series) {
        progress.tell(() -> "round %d of %d: %s".formatted(now, ROUNDS, one));
        one.run(nanos, settings.threads, queryCount);
      }
    }
    for (Series one : series) {
      progress.tell(() -> "each query: " + one);
      one.ask();
    }
  }

  /**
   * An engine that cannot stop at a threshold is, where any entry will do, as it is for nearest.
   */
  private List<Row> rows(Data data, Truth truth) {
    List<Row> rows = new ArrayList<>();
    for (Series.Built built : engines) {
      for (Mode shown : Mode.values()) {
        Mode asked = shown == Mode.ANY && !built.engine().stopsAtThreshold() ? Mode.NEAREST : shown;
        series.stream()
            .filter(one -> one.built() == built && one.mode() == asked)
            .forEach(one -> rows.add(one.row(shown, settings.tau, data, truth)));
      }
    }
    return rows;
  }
}
