package dev.askonce.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.askonce.engine.SemanticCache;
import dev.askonce.engine.spi.Embedder;
import dev.askonce.optimizer.cap.CapLever;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.replay.LogClock;
import dev.askonce.optimizer.replay.Replay;
import dev.askonce.optimizer.replay.ReplayReport;
import dev.askonce.text.MiniLmEmbedder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what docs/guides/replay.md shows. */
class ReplayGuideTest {
  private static final String CALL =
      """
      {"at":"2025-11-15T12:00:00Z","tenant":"acme","interactive":%s,"request":{"model":"gpt-4o",\
      "messages":[{"role":"user","content":"%s"}]},"response":{"choices":[{"index":0,"message":\
      {"role":"assistant","content":"Under Settings."},"finish_reason":"stop"}],"usage":\
      {"prompt_tokens":1000,"completion_tokens":200}}}\
      """;

  @TempDir Path directory;

  @Test
  void replay_ofThreeCalls() {
    List<LoggedCall> calls =
        List.of(
            LoggedCall.parse(CALL.formatted(true, "Where do I change my password?")),
            LoggedCall.parse(CALL.formatted(true, "Where do I change my password?")),
            LoggedCall.parse(CALL.formatted(false, "Summarise the day for the meeting.")));
    LoggedCall first = calls.getFirst();
    try (Embedder embedder = MiniLmEmbedder.open()) {
      // region
      LogClock clock = new LogClock(first.at());
      ReplayReport report;
      try (SemanticCache cache =
          SemanticCache.at(directory).embedder(embedder).clock(clock).open()) {
        Replay replay =
            Replay.builder(clock, Prices.published())
                .cache(cache)
                .lever(
                    () -> CapLever.builder().exploredShare(0).retryFactor(1).clock(clock).build())
                .batch()
                .build();
        calls.forEach(replay::add);
        report = replay.report();
      }
      System.out.printf("%.1f%% saved%n", report.savedPct());
      // end
      assertEquals(1, report.cache().exactHits());
      assertEquals(1, report.levers().get("batch").calls());
      // One of three calls for nothing, and one at half the price.
      assertEquals(50, report.savedPct(), 0.5);
    }
  }
}
