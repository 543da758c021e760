package dev.askonce.cli.replay;

import dev.askonce.bench.data.Folders;
import dev.askonce.engine.Preset;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.replay.LogClock;
import dev.askonce.optimizer.replay.Replay;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.RuleRouter;
import dev.askonce.optimizer.route.Tiers;
import dev.askonce.optimizer.task.TaskClassifier;
import dev.askonce.text.CrossEncoder;
import dev.askonce.text.MiniLmEmbedder;
import dev.askonce.text.english.English;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The real stages in a store of their own that is deleted at the end: the demo's cache, on the time
 * of the log, and the levers behind it with their defaults.
 */
final class Stages implements AutoCloseable {
  /** On a busy machine the default deadlines would make misses that the service never sees. */
  private static final Duration UNHURRIED = Duration.ofMinutes(1);

  private static final Duration TTL = Duration.ofSeconds(3600);
  private static final int ENTRIES_MAX = 200_000;

  private final StageSettings settings;
  private final Folders.Work work;
  private final Embedder embedder;
  private final Verifier verifier;
  private final TaskClassifier tasks = new TaskClassifier();
  private final LogClock clock;
  private final SemanticCache cache;

  /**
   * @param start when the first call was made
   */
  Stages(Instant start, StageSettings settings) throws IOException {
    this.settings = settings;
    clock = new LogClock(start);
    work = Folders.work(Optional.empty(), "askonce-replay");
    embedder = MiniLmEmbedder.open();
    verifier = CrossEncoder.open();
    cache =
        SemanticCache.at(work.path().resolve("store"))
            .embedder(embedder)
            .policy(
                GuardedPolicy.builder()
                    .languages(new English())
                    .verifier(verifier)
                    .verifierTimeout(UNHURRIED)
                    .build())
            .wrongShareMax(Preset.EAGER.wrongShareMax())
            .embedTimeout(UNHURRIED)
            .readTimeout(UNHURRIED)
            .entriesMax(ENTRIES_MAX)
            .ttl(TTL)
            .clock(clock)
            .open();
  }

  /** {@return a replay through all of them} */
  Replay.Builder replay() {
    return Replay.builder(clock, settings.prices())
        .budgetModel(settings.budgetModel())
        .cache(cache)
        .lever(this::route)
        .lever(this::cap)
        .batch();
  }

  private RouteLever route() {
    Tiers tiers = Tiers.of(settings.budgetModel(), settings.standardModel());
    RuleRouter router = RuleRouter.of((request, context) -> tasks.classify(request).task());
    return RouteLever.builder(router, tiers).clock(clock).build();
  }

  /**
   * Nobody is left alone to be compared with, since the log knows how long each answer was; and
   * what is cut is counted, not asked for anew.
   */
  private CapLever cap() {
    return CapLever.builder()
        .exploredShare(0)
        .retryFactor(1)
        .classifier(tasks)
        .clock(clock)
        .build();
  }

  @Override
  public void close() throws IOException {
    cache.close();
    verifier.close();
    embedder.close();
    work.close();
  }
}
