package dev.askonce.bench.vectors;

import dev.askonce.bench.data.Progress;
import dev.askonce.bench.data.VectorFile;
import dev.askonce.engine.Answer;
import dev.askonce.engine.BulkEntry;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Ours, through its public interface: all entries are imported into one scope with an answer of one
 * byte, so its build includes what the others do not do, writing entries that survive. It is
 * measured at fixed beams, where no search stops early, and as it is used: at the default beam with
 * early stops, calibrated by its rehearsals and on queries that are not measured.
 */
final class AskOnceEngine implements Engine {
  static final String NAME = "askonce";

  /** The default beam, as {@link #FULL} has it and as calibrated searches do. */
  private static final int BEAM = 64;

  /** What calibrated searches are compared with. */
  static final Setting FULL = Setting.full(BEAM);

  static final Setting CALIBRATED = new Setting(BEAM, true);

  private static final int ENTRIES_MIN = 64;
  private static final int POLL_MILLIS = 10;
  private static final Scope SCOPE = Scope.tenant("bench");
  private static final Answer ANSWER = Answer.text("x");

  private final TemporaryFolder folder;
  private Data data;
  private LocalSemanticCache cache;
  private boolean anyCalibrated;
  private boolean bestCalibrated;

  AskOnceEngine() throws IOException {
    folder = TemporaryFolder.create();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void prepare(Data data) {
    this.data = data;
    VectorFile base = data.base();
    cache =
        (LocalSemanticCache)
            SemanticCache.at(folder.path())
                .vectors(base.dimension(), "bench")
                .entriesMax(Math.max(base.count(), ENTRIES_MIN))
                .ttl(Duration.ofDays(1))
                .open();
  }

  /** On the threads it is given and no other: an import's threads link, maintenance does not. */
  @Override
  public void build(BuildPace pace) throws InterruptedException {
    int count = data.base().count();
    cache.putAll(
        IntStream.range(0, count).mapToObj(i -> entry(i, pace)).iterator(), pace.threads());
    while (cache.stats().entriesUnlinked() > 0) {
      pace.waited("%,d entries to link".formatted(cache.stats().entriesUnlinked()));
      Thread.sleep(POLL_MILLIS);
    }
    long live = cache.stats().entries();
    if (live != count) {
      throw new IllegalStateException(live + " of " + count + " entries are live");
    }
  }

  private BulkEntry entry(int number, BuildPace pace) {
    pace.added();
    return BulkEntry.of(SCOPE, data.base().row(number), ANSWER);
  }

  /** All files but answers and prompts, which an index does not have, and the graph's memory. */
  @Override
  public long bytes() {
    return folder.bytes(AskOnceEngine::isIndex) + cache.stats().bytesInMemory();
  }

  private static boolean isIndex(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith("answers-") && !name.startsWith("prompts-");
  }

  /**
   * Asks each training query once, for any and for the best four, and waits until the cache's
   * rehearsals have calibrated both. While it is measured then, one search in 128 runs in full and
   * goes on teaching, as in use.
   */
  @Override
  public void learn(float tau, double secondsMax, Progress progress) {
    use(CALIBRATED);
    float[][] training = data.training();
    AskOnceSearcher any = new AskOnceSearcher(cache, SCOPE, training, Mode.ANY, tau);
    AskOnceSearcher best = new AskOnceSearcher(cache, SCOPE, training, Mode.BEST4, tau);
    for (int i = 0; i < training.length; i++) {
      any.search(i);
      best.search(i);
    }
    long deadline = System.nanoTime() + (long) (secondsMax * TimeUnit.SECONDS.toNanos(1));
    do {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
      anyCalibrated = cache.isCalibrated(true, tau);
      bestCalibrated = cache.isCalibrated(false, Mode.BEST4.floor);
    } while (!(anyCalibrated && bestCalibrated) && System.nanoTime() < deadline);
    tell(Mode.ANY, anyCalibrated, training.length, progress);
    tell(Mode.BEST4, bestCalibrated, training.length, progress);
  }

  private static void tell(Mode mode, boolean calibrated, int asked, Progress progress) {
    progress.step(
        "%s: %s %s, by rehearsals and %,d queries that are not measured"
            .formatted(
                NAME, mode.label, calibrated ? "is calibrated" : "could not be calibrated", asked));
  }

  @Override
  public List<Setting> settings(Mode mode) {
    List<Setting> settings = new ArrayList<>();
    IntStream.of(8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 32, 40, 48, 56, BEAM, 96, 128, 192, 256)
        .forEach(beam -> settings.add(Setting.full(beam)));
    if (mode == Mode.ANY && anyCalibrated || mode == Mode.BEST4 && bestCalibrated) {
      settings.add(settings.indexOf(FULL) + 1, CALIBRATED);
    }
    return settings;
  }

  @Override
  public boolean stopsAtThreshold() {
    return true;
  }

  @Override
  public Asking asking(Mode mode, float tau, Setting setting) {
    return new SearcherLoop(
        data,
        mode.k,
        () -> {
          use(setting);
          return new AskOnceSearcher(cache, SCOPE, data.queries(), mode, tau);
        });
  }

  private void use(Setting setting) {
    cache.searchBeam(setting.beam());
    cache.stopEarly(setting.calibrated());
  }

  @Override
  public void close() {
    if (cache != null) {
      cache.close();
    }
    folder.close();
  }
}
