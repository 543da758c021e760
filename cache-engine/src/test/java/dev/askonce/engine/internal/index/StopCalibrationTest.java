package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopCalibrationTest {
  private static final int BEAM = 200;

  private final StopCalibration calibration = new StopCalibration(BEAM);

  /** The depth of a find, of about {@code mean}. */
  private static int depth(Random random, double mean) {
    return (int) (-mean * Math.log(1 - random.nextDouble()));
  }

  private static TopCandidates find(float floor, float cosine, int depth, boolean any) {
    TopCandidates top = new TopCandidates();
    if (any) {
      top.reset(1, floor, floor);
    } else {
      top.reset(8, floor);
    }
    top.offer(1, cosine, depth);
    return top;
  }

  private void observe(Random random, int finds, double mean) {
    for (int i = 0; i < finds; i++) {
      calibration.observe(find(0.9f, 0.92f, depth(random, mean), true));
    }
  }

  @Test
  void width_fewFinds_isThatOfAFullSearch() {
    Random random = TestSeed.random("StopCalibrationTest few", 61);
    for (int i = 0; i < StopCalibration.SEARCHES_MIN - 1; i++) {
      observe(random, 1, 5);
      assertEquals(BEAM, calibration.width(true, 0.9f));
      assertFalse(calibration.isCalibrated(true, 0.9f));
    }
    observe(random, 600, 5);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    assertFalse(calibration.isCalibrated(false, 0.9f), "searches for the best have their own");
    assertFalse(calibration.isCalibrated(true, 0.85f), "nothing is known of what is below");
    assertFalse(calibration.isCalibrated(true, 0.95f), "there were no such finds");
  }

  @Test
  void width_findsOfTheSameKind_losesNoMoreThanTheBudget() {
    Random random = TestSeed.random("StopCalibrationTest budget", 62);
    for (double mean : new double[] {2, 5, 12}) {
      StopCalibration fresh = new StopCalibration(BEAM);
      for (int i = 0; i < 40_000; i++) {
        fresh.observe(find(0.9f, 0.92f, depth(random, mean), true));
      }
      int width = fresh.width(true, 0.9f);
      int lost = 0;
      int heldOut = 100_000;
      for (int i = 0; i < heldOut; i++) {
        lost += depth(random, mean) > width ? 1 : 0;
      }
      System.out.printf("mean %.0f: %d loses %d of %d%n", mean, width, lost, heldOut);
      double budget = StopCalibration.BUDGET * heldOut;
      assertTrue(lost <= budget + 3 * Math.sqrt(budget), lost + " of " + heldOut + " at " + width);
      assertTrue(width < BEAM, "stops earlier than a full search: " + width);
    }
  }

  @Test
  void width_findsOfTheList_areNoFindsOfTheGraph() {
    Random random = TestSeed.random("StopCalibrationTest list", 63);
    for (int i = 0; i < 10 * StopCalibration.SEARCHES_MIN; i++) {
      calibration.observe(find(0.9f, 0.92f, TopCandidates.LISTED, i % 2 == 0));
    }
    assertFalse(calibration.isCalibrated(true, 0.9f));
    assertFalse(calibration.isCalibrated(false, 0.9f));
    StopCalibration mixed = new StopCalibration(BEAM);
    long seed = random.nextLong();
    random = new Random(seed);
    for (int i = 0; i < 2 * StopCalibration.SEARCHES_MIN; i++) {
      mixed.observe(find(0.9f, 0.92f, depth(random, 5), true));
      mixed.observe(find(0.9f, 0.92f, TopCandidates.LISTED, true));
    }
    StopCalibration alone = new StopCalibration(BEAM);
    random = new Random(seed);
    for (int i = 0; i < 2 * StopCalibration.SEARCHES_MIN; i++) {
      alone.observe(find(0.9f, 0.92f, depth(random, 5), true));
    }
    assertEquals(alone.width(true, 0.9f), mixed.width(true, 0.9f));
    assertEquals(alone.shadowFinds(), mixed.shadowFinds());
  }

  @Test
  void width_findsShift_isSuspendedOrMadeAnewAtOnce() {
    Random random = TestSeed.random("StopCalibrationTest shift", 64);
    observe(random, 100_000, 3);
    int old = calibration.width(true, 0.9f);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int until = 0;
    while (calibration.width(true, 0.9f) == old) {
      observe(random, 1, 20);
      assertTrue(++until <= 512, "still " + old);
    }
    assertTrue(calibration.shadowLost() > 0);
    observe(random, 80_000, 20);
    int renewed = calibration.width(true, 0.9f);
    int lost = 0;
    for (int i = 0; i < 20_000; i++) {
      lost += depth(random, 20) > renewed ? 1 : 0;
    }
    assertTrue(lost <= 33, lost + " of 20,000 lost at " + renewed);
  }

  @Test
  void width_losesMoreThanTheBudget_isFrozen() {
    Random random = TestSeed.random("StopCalibrationTest frozen", 65);
    observe(random, StopCalibration.SEARCHES_MIN + 600, 3);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int until = 0;
    for (; calibration.isCalibrated(true, 0.9f); until++) {
      observe(random, 1, 60);
    }
    assertTrue(until < 100, until + " finds until it was frozen");
    assertEquals(BEAM, calibration.width(true, 0.9f));
  }

  @Test
  void width_wasFrozen_isMadeOfHalfTheBudget() {
    Random random = TestSeed.random("StopCalibrationTest stricter", 67);
    observe(random, StopCalibration.SEARCHES_KEPT, 5);
    int before = calibration.width(true, 0.9f);
    while (calibration.isCalibrated(true, 0.9f)) {
      observe(random, 1, 60);
    }
    observe(random, 600, 5);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int after = calibration.width(true, 0.9f);
    assertTrue(after > before, before + " before, " + after + " after");
  }

  @Test
  void width_wasRightForLong_isFrozenSoonWhereItIsWrong() {
    Random random = TestSeed.random("StopCalibrationTest long", 70);
    observe(random, 300_000, 3);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int until = 0;
    int width = calibration.width(true, 0.9f);
    while (calibration.width(true, 0.9f) == width) {
      observe(random, 1, 60);
      until++;
    }
    assertTrue(until < 200, until + " finds");
  }

  @Test
  void observe_manyFindsOfOneSearch_shareItEvenly() {
    TopCandidates top = new TopCandidates();
    for (int i = 0; i <= StopCalibration.SEARCHES_MIN; i++) {
      // One search in 500 is deep for one of its four finds: a half of the budget.
      top.reset(8, 0.8f);
      top.offer(1, 0.97f, 10);
      top.offer(2, 0.87f, i % 500 == 1 ? 40 : 12);
      top.offer(3, 0.86f, 12);
      top.offer(4, 0.81f, TopCandidates.LISTED);
      calibration.observe(top);
      assertEquals(i >= StopCalibration.SEARCHES_MIN - 1, calibration.isCalibrated(false, 0.8f));
    }
    assertEquals(10, calibration.width(false, 0.95f));
    assertEquals(10, calibration.width(false, 0.9f));
    assertEquals(12, calibration.width(false, 0.85f), "a third of a five-hundredth is no more");
    assertEquals(12, calibration.width(false, 0.8f));
    assertEquals(4, calibration.shadowFinds(), "of one search, for the threshold it asked for");
  }

  @Test
  void observe_anyEntry_teachesItsOwnThresholdOnly() {
    for (int i = 0; i <= StopCalibration.SEARCHES_MIN; i++) {
      calibration.observe(find(0.8f, 0.99f, 10, true));
    }
    assertTrue(calibration.isCalibrated(true, 0.8f));
    assertFalse(calibration.isCalibrated(true, 0.95f));
  }

  @Test
  void observeRehearsal_teachesButDoesNotJudge() {
    Random random = TestSeed.random("StopCalibrationTest rehearsals", 68);
    for (int i = 0; i < StopCalibration.SEARCHES_MIN + 600; i++) {
      calibration.observeRehearsal(find(0.9f, 0.92f, depth(random, 3), true));
    }
    assertTrue(calibration.isCalibrated(true, 0.9f));
    for (int i = 0; i < 400; i++) {
      calibration.observeRehearsal(find(0.9f, 0.92f, depth(random, 60), true));
    }
    assertTrue(calibration.isCalibrated(true, 0.9f));
    assertEquals(0, calibration.shadowFinds());
    assertEquals(0, calibration.shadowLost());
  }

  @Test
  void nextAim_isWhatLookupsWereFor() {
    Random random = TestSeed.random("StopCalibrationTest aims", 69);
    assertNull(calibration.nextAim(false));
    calibration.observe(find(0.92f, 0.99f, depth(random, 3), true));
    calibration.observe(find(0.8f, 0.99f, depth(random, 3), false));
    Set<StopCalibration.Aim> aims = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      aims.add(calibration.nextAim(true));
    }
    StopCalibration.Aim any = new StopCalibration.Aim(true, 0.9f);
    StopCalibration.Aim best = new StopCalibration.Aim(false, 0.8f);
    assertEquals(Set.of(any, best), aims);
    observe(random, StopCalibration.SEARCHES_MIN, 3);
    for (int i = 0; i < 10; i++) {
      assertEquals(best, calibration.nextAim(true));
    }
    assertNotNull(calibration.nextAim(false));
  }

  @Test
  void width_ofAThreshold_knowsTheFindsAtAndAboveIt() {
    Random random = TestSeed.random("StopCalibrationTest thresholds", 66);
    for (int percent = 50; percent <= 100; percent += 5) {
      StopCalibration fresh = new StopCalibration(BEAM);
      float threshold = percent / 100f;
      for (int i = 0; i < StopCalibration.SEARCHES_MIN + 600; i++) {
        fresh.observe(find(threshold, threshold, depth(random, 5), false));
      }
      assertTrue(fresh.isCalibrated(false, threshold), "at " + threshold);
      assertTrue(fresh.isCalibrated(false, Math.min(1, threshold + 0.04f)), "above " + threshold);
      // Nothing was sought below, and the last table has all from 0.95 on.
      float below = (Math.min(percent, 95) - 1) / 100f;
      assertFalse(fresh.isCalibrated(false, below), "below " + threshold);
      if (percent < 95) {
        assertFalse(fresh.isCalibrated(false, threshold + 0.05f), "next to " + threshold);
      }
    }
    StopCalibration low = new StopCalibration(BEAM);
    for (int i = 0; i < StopCalibration.SEARCHES_MIN + 600; i++) {
      low.observe(find(0.1f, 0.83f, depth(random, 5), false));
    }
    assertEquals(BEAM, low.width(false, 0.1f));
    assertEquals(BEAM, low.width(false, -1f));
    for (float threshold : new float[] {0.5f, 0.6f, 0.7f, 0.8f}) {
      assertTrue(low.isCalibrated(false, threshold), "finds count from the floor to their cosine");
    }
    assertFalse(low.isCalibrated(false, 0.85f));
  }

  @Test
  void observe_manyThreads_givesTheWidthOfOne() throws Exception {
    StopCalibration alone = new StopCalibration(BEAM);
    Random one = new Random(5);
    for (int i = 0; i < 2 * StopCalibration.SEARCHES_KEPT; i++) {
      alone.observe(find(0.9f, 0.92f, depth(one, 5), true));
    }
    int expected = alone.width(true, 0.9f);
    AtomicInteger nearSeen = new AtomicInteger();
    AtomicInteger otherwise = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 40_000; i++) {
                      observe(random, 1, 5);
                      int width = calibration.width(true, 0.9f);
                      boolean near = Math.abs(width - expected) <= expected / 3;
                      // In full before it is calibrated, and where chance had it frozen.
                      nearSeen.addAndGet(near ? 1 : 0);
                      otherwise.addAndGet(near || width == BEAM ? 0 : 1);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, otherwise.get());
    assertTrue(nearSeen.get() > 0, "never calibrated");
    assertTrue(calibration.shadowLost() <= calibration.shadowFinds());
  }
}
