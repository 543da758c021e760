package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StopCalibrationTest {
  private static final int BEAM = 200;

  private final StopCalibration calibration = new StopCalibration(BEAM);

  /** A find whose search had gone down to ranks of about {@code mean}, more where it was nearer. */
  private static long ranks(Random random, double mean) {
    VisitOrder order = new VisitOrder();
    order.clear();
    int last = random.nextInt(StopRule.STEPS);
    for (int step = 0; step <= last; step++) {
      order.note((int) (-mean * Math.log(1 - random.nextDouble()) * (step + 8) / 16), step);
    }
    return order.ranks();
  }

  private static TopCandidates find(float floor, float cosine, long ranks, boolean any) {
    TopCandidates top = new TopCandidates();
    if (any) {
      top.reset(1, floor, floor);
    } else {
      top.reset(8, floor);
    }
    top.offer(1, cosine, ranks);
    return top;
  }

  private void observe(Random random, int finds, double mean) {
    for (int i = 0; i < finds; i++) {
      calibration.observe(find(0.9f, 0.92f, ranks(random, mean), true));
    }
  }

  @Test
  void rule_fewFinds_isThatOfAFullSearch() {
    Random random = TestSeed.random("StopCalibrationTest few", 61);
    for (int i = 0; i < StopCalibration.FINDS_MIN - 1; i++) {
      observe(random, 1, 5);
      assertSame(calibration.full(), calibration.rule(true, 0.9f));
      assertFalse(calibration.isCalibrated(true, 0.9f));
    }
    observe(random, 600, 5);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    assertFalse(calibration.isCalibrated(false, 0.9f), "searches for the best have their own");
    assertFalse(calibration.isCalibrated(true, 0.85f), "nothing is known of what is below");
    assertFalse(calibration.isCalibrated(true, 0.95f), "there were no such finds");
  }

  @Test
  void rule_findsOfTheSameKind_losesNoMoreThanTheBudget() {
    Random random = TestSeed.random("StopCalibrationTest budget", 62);
    for (double mean : new double[] {2, 5, 12}) {
      StopCalibration fresh = new StopCalibration(BEAM);
      for (int i = 0; i < 40_000; i++) {
        fresh.observe(find(0.9f, 0.92f, ranks(random, mean), true));
      }
      StopRule rule = fresh.rule(true, 0.9f);
      int lost = 0;
      int heldOut = 100_000;
      for (int i = 0; i < heldOut; i++) {
        lost += rule.loses(ranks(random, mean)) ? 1 : 0;
      }
      System.out.printf("mean %.0f: %s loses %d of %d%n", mean, rule, lost, heldOut);
      double budget = StopCalibration.BUDGET * heldOut;
      assertTrue(lost <= budget + 3 * Math.sqrt(budget), lost + " of " + heldOut + " " + rule);
      assertTrue(rule.widthMax() < BEAM, "stops earlier than a full search: " + rule);
      for (int step = 1; step < StopRule.STEPS; step++) {
        assertTrue(rule.widthAt(step) >= rule.widthAt(step - 1), rule.toString());
      }
    }
  }

  @Test
  void rule_findsOfTheList_areNoFindsOfTheGraph() {
    Random random = TestSeed.random("StopCalibrationTest list", 63);
    for (int i = 0; i < 10 * StopCalibration.FINDS_MIN; i++) {
      calibration.observe(find(0.9f, 0.92f, TopCandidates.LISTED, i % 2 == 0));
    }
    assertFalse(calibration.isCalibrated(true, 0.9f));
    assertFalse(calibration.isCalibrated(false, 0.9f));
    StopCalibration mixed = new StopCalibration(BEAM);
    long seed = random.nextLong();
    random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      mixed.observe(find(0.9f, 0.92f, ranks(random, 5), true));
      mixed.observe(find(0.9f, 0.92f, TopCandidates.LISTED, true));
    }
    StopCalibration alone = new StopCalibration(BEAM);
    random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      alone.observe(find(0.9f, 0.92f, ranks(random, 5), true));
    }
    assertEquals(alone.describe(true, 0.9f), mixed.describe(true, 0.9f));
    assertEquals(alone.shadowFinds(), mixed.shadowFinds());
  }

  @Test
  void rule_findsShift_isSuspendedOrMadeAnewAtOnce() {
    Random random = TestSeed.random("StopCalibrationTest shift", 64);
    observe(random, 100_000, 3);
    StopRule old = calibration.rule(true, 0.9f);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int until = 0;
    while (calibration.rule(true, 0.9f) == old) {
      observe(random, 1, 30);
      assertTrue(++until <= 512, "still " + old);
    }
    assertTrue(calibration.shadowLost() > 0);
    observe(random, 40_000, 30);
    StopRule renewed = calibration.rule(true, 0.9f);
    int lost = 0;
    for (int i = 0; i < 20_000; i++) {
      lost += renewed != calibration.full() && renewed.loses(ranks(random, 30)) ? 1 : 0;
    }
    assertTrue(lost <= 20, lost + " of 20,000 lost by " + renewed);
  }

  @Test
  void rule_losesMoreThanTheBudget_isFrozen() {
    Random random = TestSeed.random("StopCalibrationTest frozen", 65);
    observe(random, 2_560, 3);
    assertTrue(calibration.isCalibrated(true, 0.9f));
    int until = 0;
    for (; calibration.isCalibrated(true, 0.9f); until++) {
      observe(random, 1, 60);
    }
    assertTrue(until < 100, until + " finds until it was frozen");
    assertSame(calibration.full(), calibration.rule(true, 0.9f));
  }

  @Test
  void rule_ofAThreshold_knowsTheFindsAtAndAboveIt() {
    Random random = TestSeed.random("StopCalibrationTest thresholds", 66);
    for (int percent = 50; percent <= 100; percent += 5) {
      StopCalibration fresh = new StopCalibration(BEAM);
      float threshold = percent / 100f;
      for (int i = 0; i < 2_600; i++) {
        fresh.observe(find(threshold, threshold, ranks(random, 5), false));
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
    for (int i = 0; i < 2_600; i++) {
      low.observe(find(0.1f, 0.83f, ranks(random, 5), false));
    }
    assertSame(low.full(), low.rule(false, 0.1f));
    assertSame(low.full(), low.rule(false, -1f));
    for (float threshold : new float[] {0.5f, 0.6f, 0.7f, 0.8f}) {
      assertTrue(low.isCalibrated(false, threshold), "finds count from the floor to their cosine");
    }
    assertFalse(low.isCalibrated(false, 0.85f));
  }

  @Test
  void observe_manyThreads_neverGivesARuleOutOfOrder() throws Exception {
    AtomicBoolean ordered = new AtomicBoolean(true);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      observe(random, 1, 5);
                      StopRule rule = calibration.rule(true, 0.9f);
                      boolean usable = rule.widthMax() >= rule.widthAt(0) && rule.widthAt(0) > 0;
                      ordered.compareAndSet(true, usable);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(ordered.get());
    assertTrue(calibration.isCalibrated(true, 0.9f));
    assertTrue(calibration.shadowLost() <= calibration.shadowFinds());
  }
}
