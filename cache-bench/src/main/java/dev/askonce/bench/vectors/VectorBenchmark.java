package dev.askonce.bench.vectors;

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
   */
  public record Settings(
      Path base,
      Path queries,
      int dimension,
      float tau,
      int threads,
      double seconds,
      double buildSecondsMax) {}

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
   * @throws VectorFile.Unusable if a file does not hold what it should
   */
  public List<Row> run(List<Peer> peers) throws Exception {
    try (Vectors base = VectorFile.read(settings.base, settings.dimension);
        Vectors queries = VectorFile.read(settings.queries, settings.dimension)) {
      queries.shuffle(SHUFFLE_SEED);
      return measure(new Data(base, queries), peers);
    } finally {
      engines.forEach(built -> built.engine().close());
    }
  }

  private List<Row> measure(Data data, List<Peer> peers) throws Exception {
    Truth truth = Truth.of(data.base(), data.queries(), progress);
    tellWhatIsAsked(data, truth);
    for (Peer peer : peers) {
      try {
        build(peer.open(), data);
      } catch (BuildPace.TooSlow | IOException e) {
        progress.tell(peer.label() + " is left out: " + e.getMessage());
      }
    }
    search(data.queries().count());
    return rows(data, truth);
  }

  private void tellWhatIsAsked(Data data, Truth truth) {
    int queryCount = data.queries().count();
    long hits = 0;
    for (int i = 0; i < queryCount; i++) {
      hits += truth.best(i) >= settings.tau ? 1 : 0;
    }
    progress.tell(
        "%,d entries, %,d queries, of which %,d have an entry at %s or over it"
            .formatted(data.base().count(), queryCount, hits, Recalls.key(settings.tau)));
    int equal = truth.queriesInBase(data.base(), data.queries());
    if (equal > 0) {
      progress.tell("%,d queries have an exact equal in the base".formatted(equal));
    }
  }

  private void build(Engine engine, Data data) throws Exception {
    boolean usable = false;
    try {
      engine.prepare(data);
      progress.tell("%s: building".formatted(engine.name()));
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
      progress.tell("%s: built in %.1f s".formatted(engine.name(), built.seconds()));
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
        for (int beam : built.engine().beams()) {
          series.add(new Series(built, mode, settings.tau, beam));
        }
      }
    }
  }

  private void search(int queryCount) throws Exception {
    long nanos = (long) (settings.seconds * TimeUnit.SECONDS.toNanos(1) / ROUNDS);
    // Like beside like: a machine that slows down for a while then slows all engines of a beam.
    series.sort(Comparator.<Series>comparingInt(one -> one.mode().k).thenComparing(Series::beam));
    for (Series one : series) {
      progress.say(() -> "warm-up: " + one);
      one.warmUp(nanos, settings.threads);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      int now = round;
      for (Series one : series) {
        progress.say(() -> "round %d of %d: %s".formatted(now, ROUNDS, one));
        one.run(nanos, settings.threads, queryCount);
      }
    }
    for (Series one : series) {
      progress.say(() -> "each query: " + one);
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
