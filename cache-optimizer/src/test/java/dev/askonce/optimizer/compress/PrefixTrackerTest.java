package dev.askonce.optimizer.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrefixTrackerTest {
  private static final int BLOCK = PrefixTracker.BLOCK_CHARS;
  private static final String STABLE = "s".repeat(4 * BLOCK);

  private final PrefixTracker tracker = new PrefixTracker();

  @Test
  void firstRequest_sharesNothing() {
    PrefixTracker.Shared shared = tracker.note("faq", STABLE);
    assertEquals(0, shared.chars());
    assertEquals(0, shared.requests(BLOCK));
  }

  @Test
  void samePrefix_isSharedUpToTheFirstDifference() {
    tracker.note("faq", STABLE + "a".repeat(BLOCK));
    tracker.note("faq", STABLE + "b".repeat(BLOCK));
    PrefixTracker.Shared shared = tracker.note("faq", STABLE + "a".repeat(2 * BLOCK));
    assertEquals(5 * BLOCK, shared.chars());
    assertEquals(2, shared.requests(4 * BLOCK));
    assertEquals(1, shared.requests(5 * BLOCK));
    assertEquals(0, shared.requests(6 * BLOCK));
    assertEquals(0, shared.requests(100 * BLOCK));
  }

  @Test
  void sameTextAtAnotherPlace_isNotShared() {
    tracker.note("faq", "x" + STABLE);
    assertEquals(0, tracker.note("faq", "y" + STABLE).chars());
  }

  @Test
  void endpoints_areApart() {
    tracker.note("faq", STABLE);
    assertEquals(0, tracker.note("mail", STABLE).chars());
  }

  @Test
  void oldRequests_areForgotten() {
    tracker.note("faq", STABLE);
    for (int i = 0; i < PrefixTracker.RECENT; i++) {
      tracker.note("faq", i + "x".repeat(BLOCK));
    }
    assertEquals(0, tracker.note("faq", STABLE).chars());
  }

  @Test
  void stats_sumWhatIsShared() {
    tracker.note("faq", STABLE);
    tracker.note("faq", STABLE);
    PrefixStats stats = tracker.stats().get("faq");
    assertEquals(2, stats.requests());
    assertEquals(8 * BLOCK, stats.chars());
    assertEquals(0.5, stats.sharedShare());
    assertEquals(0, new PrefixStats(0, 0, 0).sharedShare());
  }
}
