package dev.askonce.cli.replay;

import dev.askonce.bench.data.Folders;
import dev.askonce.engine.Preset;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.compress.CompressLever;
import dev.askonce.optimizer.embed.SharedEmbedder;
import dev.askonce.optimizer.replay.LogClock;
import dev.askonce.optimizer.replay.Replay;
import dev.askonce.optimizer.route.ClassifierRouter;
import dev.askonce.optimizer.route.RouteLever;
import dev.askonce.optimizer.route.RouteMemory;
import dev.askonce.optimizer.route.RouterModel;
import dev.askonce.optimizer.route.RouterModel.Shipped;
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

  /** Where an answer has expired after an hour, its text is asked again. */
  private static final int TEXTS_REMEMBERED = 20_000;

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
    embedder = SharedEmbedder.builder(MiniLmEmbedder.open()).textsMax(TEXTS_REMEMBERED).build();
    verifier = new RememberedVerifier(CrossEncoder.open());
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
        .lever(this::compress)
        .lever(this::cap)
        .batch()
        .measured(
            "Cache: the real lever, store, embedder, guards and verifier, at an accepted wrong"
                + " share of 5%; an answer lives 3,600 s by the time of the log. A hit is an answer"
                + " to a call of the same tenant and, but for its last text, the same request.")
        .measured(
            "Route: the real lever, by the shipped classifier of gpt-4o and gpt-4o-mini; calls of "
                + settings.standardModel()
                + " that are worth the budget tier go to "
                + settings.budgetModel()
                + ".")
        .measured(
            "Compress: the real lever with what loses nothing: JSON, tables and white space written"
                + " tighter, paragraphs that are there twice said once.")
        .measured("Cap: the real limits by task, on the lengths that were logged.")
        .assumed(
            "Another model uses as many tokens as the logged one. Whether its answers are as good a"
                + " log cannot tell: see askonce eval router.")
        .assumed(
            "An answer over a limit is cut there, and nothing else makes answers shorter: what a"
                + " model writes less when it is told to stop a log cannot tell either.")
        .assumed("Batch: what nobody waits for can wait for a day, at half the price.")
        .assumed(
            "Sensitivity: calls that hit or go to the budget model cost as much as the others.");
  }

  private RouteLever route() {
    Tiers tiers = Tiers.of(settings.budgetModel(), settings.standardModel());
    ClassifierRouter router =
        ClassifierRouter.builder(RouterModel.shipped(Shipped.GPT_4O_MINI), embedder)
            .memory(RouteMemory.standard())
            .timeout(UNHURRIED)
            .clock(clock)
            .build();
    return RouteLever.builder(router, tiers).clock(clock).build();
  }

  private CompressLever compress() {
    return CompressLever.builder().prices(settings.prices()).clock(clock).build();
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
