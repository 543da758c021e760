package dev.askonce.optimizer.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.optimizer.chat.ChatException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private final List<RoutingSample> samples = Samples.of(2_000, 21);

  private double[] needs(double hard) {
    return samples.stream()
        .mapToDouble(s -> s.domain().equals(Samples.HARD) ? hard : 1 - hard)
        .toArray();
  }

  @Test
  void floor_keepsTheLossBelowItsBound() {
    Calibration calibration = Calibration.toLoss(samples, needs(0.8), 0.03);
    assertEquals(0.5, calibration.shareCheap(), 0.05);
    assertTrue(calibration.loss() < 0.03 && calibration.loss() <= calibration.lossHigh());
    assertEquals(1_000, calibration.fitted());
    assertEquals(1_000, calibration.reported());
  }

  @Test
  void floor_thatNoShareKeeps_sendsAllToTheStandardModel() {
    Calibration calibration = Calibration.toLoss(samples, needs(0.2), 0.01);
    assertEquals(0, calibration.shareCheap());
    assertEquals(0, calibration.loss());
  }

  @Test
  void share_isReachedOnTheOtherPart() {
    double[] needs =
        samples.stream().mapToDouble(s -> (s.prompt().text().hashCode() & 1023) / 1024.0).toArray();
    Calibration calibration = Calibration.toShare(samples, needs, 0.6);
    assertEquals(0.6, calibration.shareCheap(), 0.06);
    assertTrue(calibration.loss() > 0.05);
  }

  @Test
  void wrongInputs_areRefused() {
    double[] needs = needs(0.8);
    assertThrows(ChatException.InvalidSetting.class, () -> Calibration.toLoss(samples, needs, 1.5));
    assertThrows(
        ChatException.InvalidSetting.class, () -> Calibration.toShare(samples, needs, -0.1));
    assertThrows(
        ChatException.InvalidSetting.class,
        () -> Calibration.toShare(samples.subList(0, 20), needs, 0.5));
  }
}
