package dev.askonce.cli.demo;

import dev.askonce.cli.demo.SupportDesk.Connection;
import dev.askonce.cli.demo.Traffic.Visit;
import dev.askonce.engine.CacheStats;
import dev.askonce.engine.LatencySummary;
import dev.askonce.engine.Preset;
import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.decision.GuardedPolicy;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.engine.spi.Verifier;
import dev.askonce.openai.standin.StandInServer;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.Ledger;
import dev.askonce.optimizer.ledger.LedgerRow;
import dev.askonce.text.english.English;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.IntConsumer;

/**
 * The main job: the support desk's traffic through the whole stack, with the cache closed and
 * reopened from disk half-way. One request at a time, so that the same seed gives the same counts.
 */
public final class Demo {
  /**
   * What to run.
   *
   * @param directory of the store; entries that are in it are used
   * @param live whether to ask the real model that the environment describes
   */
  public record Settings(Path directory, int requests, long seed, boolean live) {}

  private static final double NANOS = 1e9;

  private final Settings settings;
  private final Embedder embedder;
  private final Verifier verifier;
  private final IntConsumer progress;
  private final KnowledgeBase base = KnowledgeBase.load();
  private final Traffic traffic;
  private final Tally tally;
  private final Ledger ledger =
      new Ledger(Prices.november2025(), new JtokkitCounter(), InstantSource.system());

  /**
   * @param progress told the number of requests done, after each
   */
  public Demo(Settings settings, Embedder embedder, Verifier verifier, IntConsumer progress) {
    this.settings = settings;
    this.embedder = embedder;
    this.verifier = verifier;
    this.progress = progress;
    traffic = new Traffic(base, settings.requests(), settings.seed());
    tally = new Tally(settings.live());
  }

  public DemoReport run() {
    if (settings.live()) {
      return run(Connection.live());
    }
    try (StandInServer model = StandInServer.start(request -> SupportDesk.respond(base, request))) {
      return run(Connection.standIn(model.baseUrl()));
    }
  }

  private DemoReport run(Connection connection) {
    long start = System.nanoTime();
    int half = settings.requests() / 2;
    CacheStats first = serve(connection, 0, half);
    tally.restarted();
    CacheStats second = serve(connection, half, settings.requests());
    return report(first, second, (System.nanoTime() - start) / NANOS);
  }

  /** Opens the cache, serves some of the traffic, closes it. */
  private CacheStats serve(Connection connection, int from, int to) {
    try (SemanticCache cache =
        SemanticCache.at(settings.directory())
            .embedder(embedder)
            .policy(GuardedPolicy.builder().languages(new English()).verifier(verifier).build())
            .wrongShareMax(Preset.EAGER.wrongShareMax())
            .entriesMax(100_000)
            .open()) {
      Pipeline pipeline =
          Pipeline.of(ledger, CacheLever.builder(cache).prices(Prices.november2025()).build());
      try (SupportDesk desk = new SupportDesk(pipeline, connection)) {
        for (int i = from; i < to; i++) {
          Visit visit = traffic.next();
          tally.add(visit, desk.ask(visit));
          progress.accept(i + 1);
        }
      }
      return cache.stats();
    }
  }

  private DemoReport report(CacheStats first, CacheStats second, double seconds) {
    LedgerRow total = ledger.snapshot().total();
    LatencySummary lookup = first.lookup().plus(second.lookup());
    LatencySummary embed = first.embed().plus(second.embed());
    double saved = total.baselineNanoDollars() - total.costNanoDollars();
    return new DemoReport(
        settings.requests(),
        first.exactHits() + second.exactHits(),
        first.semanticHits() + second.semanticHits(),
        tally.misses,
        ratio(tally.hits, settings.requests()),
        tally.wrongHits,
        ratio(tally.wrongHits, tally.hits),
        tally.crossTenantHits,
        tally.hitsAfterRestart,
        new DemoReport.Percentiles(
            lookup.p50Nanos() / 1e3,
            lookup.p99Nanos() / 1e3,
            lookup.p999Nanos() / 1e3,
            lookup.maxNanos() / 1e3),
        new DemoReport.EmbedPercentiles(embed.p50Nanos() / 1e6, embed.p99Nanos() / 1e6),
        total.costNanoDollars() / NANOS,
        total.baselineNanoDollars() / NANOS,
        100 * ratio(saved, total.baselineNanoDollars()),
        second.entries(),
        second.bytesOnDisk(),
        second.reopenNanos() / 1e6,
        seconds);
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
