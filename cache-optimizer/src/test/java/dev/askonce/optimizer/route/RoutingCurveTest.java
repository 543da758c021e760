package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoutingCurveTest {
  private static final double[] STRONG = {1, 1, 1, 1};
  private static final double[] WEAK = {1, 0, 1, 0};

  @Test
  void quality_followsTheOrderOfNeeds() {
    RoutingCurve curve = RoutingCurve.of(new double[] {0.1, 0.9, 0.2, 0.8}, WEAK, STRONG);
    assertEquals(1, curve.strongQuality());
    assertEquals(0.5, curve.weakQuality());
    assertEquals(0.5, curve.shareCheapAtLoss(0.01));
    assertEquals(0.75, curve.shareCheapAtLoss(0.25));
    assertEquals(1, curve.shareCheapAtLoss(0.5));
    assertEquals((1 + 1 + 1 + 0.75 + 0.5 - 5 * 0.5) / 5 / 0.5, curve.apgr(), 1e-12);
  }

  @Test
  void equalNeeds_giveTheMeanOfAllOrders() {
    RoutingCurve curve = RoutingCurve.of(new double[4], WEAK, STRONG);
    assertEquals(0.875, curve.points(4).get(1).quality(), 1e-12);
    assertEquals(0.5, curve.apgr(), 1e-12);
    assertEquals(0.25, curve.shareCheapAtLoss(0.13));
  }

  @Test
  void largestShare_isFoundBehindADip() {
    double[] weak = {0, 1, 1, 1};
    double[] strong = {1, 0, 1, 1};
    RoutingCurve curve = RoutingCurve.of(new double[] {1, 2, 3, 4}, weak, strong);
    assertEquals(1, curve.shareCheapAtLoss(0));
  }

  @Test
  void threshold_sendsTheShareItWasAskedFor() {
    RoutingCurve curve = RoutingCurve.of(new double[] {0.1, 0.9, 0.2, 0.8}, WEAK, STRONG);
    assertEquals(0.5, curve.thresholdAtShare(0.5), 1e-12);
    assertEquals(0.5, curve.shareBelow(curve.thresholdAtShare(0.5)));
    assertEquals(0, curve.shareBelow(curve.thresholdAtShare(0)));
    assertEquals(1, curve.shareBelow(curve.thresholdAtShare(1)));
    assertEquals(1, curve.qualityAt(curve.thresholdAtLoss(0.01)));
    assertTrue(curve.thresholdAtLoss(0.01) > 0.2 && curve.thresholdAtLoss(0.01) < 0.8);
  }

  @Test
  void threshold_amongEqualNeeds_sendsNoneOfThem() {
    RoutingCurve curve = RoutingCurve.of(new double[] {0.5, 0.5, 0.5, 0.5}, WEAK, STRONG);
    assertEquals(0, curve.shareBelow(curve.thresholdAtShare(0.5)));
  }
}
