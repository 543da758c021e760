package dev.askonce.bench.vectors;

import dev.askonce.engine.Answer;
import dev.askonce.engine.Candidates;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.Scope;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.internal.cache.LocalSemanticCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Ours, through its public interface: all entries are put into one scope with an answer of one
 * byte, so its build includes what the others do not do, writing entries that survive.
 */
final class AskOnceEngine implements Engine {
  static final String NAME = "askonce";

  private static final int ENTRIES_MIN = 64;
  private static final int POLL_MILLIS = 10;
  private static final Scope SCOPE = Scope.tenant("bench");
  private static final Answer ANSWER = Answer.text("x");

  private final TemporaryFolder folder;
  private Data data;
  private LocalSemanticCache cache;
  private long firstSequence;
  private int[] entryOfSequence;

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
    Vectors base = data.base();
    cache =
        (LocalSemanticCache)
            SemanticCache.at(folder.path())
                .vectors(base.dimension(), "bench")
                .entriesMax(Math.max(base.count(), ENTRIES_MIN))
                .ttl(Duration.ofDays(1))
                .open();
    entryOfSequence = new int[base.count()];
  }

  @Override
  public void build(BuildPace pace) throws InterruptedException {
    int count = data.base().count();
    firstSequence = put(0).sequence();
    pace.added();
    Workers.forEach(
        pace.threads(),
        count - 1,
        i -> {
          entryOfSequence[(int) (put(i + 1).sequence() - firstSequence)] = i + 1;
          pace.added();
        });
    while (cache.stats().entriesUnlinked() > 0) {
      pace.waited("%,d entries to link".formatted(cache.stats().entriesUnlinked()));
      Thread.sleep(POLL_MILLIS);
    }
    long live = cache.stats().entries();
    if (live != count) {
      throw new IllegalStateException(live + " of " + count + " entries are live");
    }
  }

  private EntryId put(int entry) {
    return cache
        .put(SCOPE, data.base().row(entry), ANSWER, PutOptions.DEFAULTS)
        .orElseThrow(() -> new IllegalStateException("entry " + entry + " was not stored"));
  }

  /** All files but the answers and the prompts, which an index does not have. */
  @Override
  public long bytes() {
    return folder.bytes(AskOnceEngine::isIndex);
  }

  private static boolean isIndex(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith("answers-") && !name.startsWith("prompts-");
  }

  @Override
  public int[] beams() {
    return new int[] {8, 10, 12, 16, 24, 32, 48, 64, 96, 128};
  }

  @Override
  public boolean stopsAtThreshold() {
    return true;
  }

  @Override
  public Asking asking(Mode mode, float tau, int beam) {
    return new SearcherLoop(
        data.queries().count(),
        mode.k,
        () -> {
          cache.searchBeam(beam);
          Candidates result = new Candidates();
          return mode == Mode.ANY
              ? (query, found) -> any(query, tau, result, found)
              : (query, found) -> nearest(query, mode, result, found);
        });
  }

  private int any(int query, float tau, Candidates result, int[] found) {
    cache.any(SCOPE, data.queryRows()[query], tau, result);
    return copy(result, found);
  }

  private int nearest(int query, Mode mode, Candidates result, int[] found) {
    cache.nearest(SCOPE, data.queryRows()[query], mode.floor, mode.k, result);
    return copy(result, found);
  }

  private int copy(Candidates result, int[] found) {
    for (int i = 0; i < result.count(); i++) {
      found[i] = entryOfSequence[(int) (result.id(i).sequence() - firstSequence)];
    }
    return result.count();
  }

  @Override
  public void close() {
    if (cache != null) {
      cache.close();
    }
    folder.close();
  }
}
