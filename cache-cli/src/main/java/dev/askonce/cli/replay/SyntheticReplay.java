package dev.askonce.cli.replay;

import dev.askonce.bench.data.Progress;
import dev.askonce.cli.demo.KnowledgeBase;
import dev.askonce.cli.demo.SupportDesk;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.replay.Replay;
import dev.askonce.optimizer.replay.ReplayReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Replays calls that are made up: who asks what is the demo's traffic, how often and how long comes
 * from a trace or from the article.
 */
public final class SyntheticReplay {
  /** A Monday, from which on the article's prices hold. */
  private static final Instant START = Instant.parse("2025-11-03T00:00:00Z");

  /** Of the lengths of answers, as a lognormal spread; theirs has no figure in the article. */
  private static final double OUTPUT_SIGMA = 0.6;

  private static final long QUESTION_TOKENS = 20;
  private static final double[] MIXES = {0.25, 0.5, 0.75, 1};

  private final StageSettings settings;
  private final long seed;
  private final Progress progress;
  private final KnowledgeBase base = KnowledgeBase.load();

  public SyntheticReplay(StageSettings settings, long seed, Progress progress) {
    this.settings = settings;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * {@return the article's platform} 50,000 calls a day of 2,000 tokens in and 500 out, all GPT-4o,
   * of which so many are replayed.
   */
  public SyntheticReport article(int requests) throws IOException {
    UnaryOperator<String> system =
        DeskCalls.withHandbook(
            base, new JtokkitCounter(), SupportDesk.MODEL, Claim.INPUT_TOKENS - QUESTION_TOKENS);
    DeskCalls calls = new DeskCalls(base, requests, seed, system);
    Random random = new Random(seed);
    double meanGapNanos = (double) Duration.ofDays(1).toNanos() / Claim.CALLS_A_DAY;
    try (Stages stages = new Stages(START, settings)) {
      Replay replay =
          describe(stages.replay().alsoAt(Prices.published()).promptCache(true))
              .assumed(
                  "50,000 calls a day, at random times evenly over the day and night; the store is"
                      + " empty at the start.")
              .assumed(
                  "2,000 tokens in: instructions and a handbook that stay, and the question; 500"
                      + " out on average, spread as a lognormal of sigma 0.6.")
              .assumed(
                  "The provider's prompt cache: a beginning of 1,024 tokens or more that was sent"
                      + " in the last five minutes is read at its cached price. The article's day"
                      + " has none; what it saves is counted as compress.")
              .build();
      double nanos = 0;
      for (int i = 0; i < requests; i++) {
        nanos -= meanGapNanos * Math.log(1 - random.nextDouble());
        Usage usage = Usage.of(Claim.INPUT_TOKENS, outputTokens(random));
        replay.add(calls.next(START.plusNanos((long) nanos), usage));
        tell(i + 1, requests);
      }
      return report(replay, Claim.all());
    }
  }

  private Replay.Builder describe(Replay.Builder replay) {
    return replay
        .measured(
            "Hits and wrong answers: each answer is known, so a hit with another answer than the"
                + " logged one is a wrong one.")
        .assumed(
            "All calls are questions that the staff of three shops asks the demo's knowledge base,"
                + " half of them near misses of others, on %s; somebody waits for each. The mixes"
                    .formatted(settings.standardModel())
                + " say what is saved where only a part is.")
        .assumed(
            "They are worded in %,d ways for each shop, so that at this volume the same words come"
                    .formatted(phrasings())
                + " again more often than people's own words would: read the sensitivity at your"
                + " own hit rate.");
  }

  private int phrasings() {
    return base.intents().stream().mapToInt(intent -> intent.phrasings().size()).sum();
  }

  private static long outputTokens(Random random) {
    double spread = OUTPUT_SIGMA * random.nextGaussian() - OUTPUT_SIGMA * OUTPUT_SIGMA / 2;
    return Math.max(1, Math.round(Claim.OUTPUT_TOKENS * Math.exp(spread)));
  }

  /** {@return the calls of a production trace, as questions of the demo's traffic} */
  public SyntheticReport trace(Path file) throws IOException {
    List<Trace.Arrival> arrivals = Trace.read(file);
    DeskCalls calls = new DeskCalls(base, arrivals.size(), seed, UnaryOperator.identity());
    try (Stages stages = new Stages(START, settings)) {
      Replay replay =
          describe(stages.replay().alsoAt(Prices.published()))
              .assumed(
                  "When calls come and how many tokens they have is the trace's; it has no texts."
                      + " Its input is not read from a prompt cache.")
              .build();
      int done = 0;
      for (Trace.Arrival arrival : arrivals) {
        Usage usage = Usage.of(arrival.inputTokens(), arrival.outputTokens());
        replay.add(calls.next(START.plusNanos(arrival.afterNanos()), usage));
        tell(++done, arrivals.size());
      }
      return report(replay, List.of());
    }
  }

  private void tell(int done, int of) {
    progress.tell(() -> "%,d of %,d calls replayed".formatted(done, of));
  }

  private static SyntheticReport report(Replay replay, List<Claim> arithmetic) {
    ReplayReport report = replay.report();
    double others =
        report.sensitivity().stream()
            .filter(each -> each.hitRate() == 0 && each.cheapShare() == 0)
            .mapToDouble(ReplayReport.Sensitivity::savedPct)
            .findFirst()
            .orElse(0);
    List<SyntheticReport.Mix> mixes =
        Arrays.stream(MIXES)
            .mapToObj(
                share ->
                    new SyntheticReport.Mix(
                        share, share * report.savedPct() + (1 - share) * others))
            .toList();
    return new SyntheticReport(
        report, mixes, SyntheticReport.AtPrices.of(replay.report(1)), arithmetic);
  }
}
