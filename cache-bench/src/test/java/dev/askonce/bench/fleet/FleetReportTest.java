package dev.askonce.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.InputException;
import dev.askonce.bench.fleet.FleetSettings.Part;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetReportTest {
  private static final FleetReport NOTHING =
      new FleetReport(2, 0.5, null, null, null, null, null, null);

  @Test
  void targets_holdAtTheirBound_andNotBeyond() {
    assertTrue(new FleetReport.Latency(10, 2, 20, 500).isGood());
    assertFalse(new FleetReport.Latency(10, 2.1, 20, 500).isGood());
    assertFalse(new FleetReport.Latency(10, 2, 20.1, 500).isGood());
    assertTrue(lookups(0.95, 0.95).isGood());
    assertFalse(lookups(0.949, 1).isGood());
    assertFalse(lookups(1, 0.949).isGood());
    assertTrue(new FleetReport.Join(10, 9.99, 0, 5, 60).isGood());
    assertFalse(new FleetReport.Join(10, 10, 0, 5, 60).isGood());
    assertFalse(new FleetReport.Join(10, 1, 1, 5, 60).isGood());
    assertTrue(new FleetReport.Calls(10, 100, 1_000, 100, 0, 0, 1).isGood());
    assertFalse(new FleetReport.Calls(10, 100, 1_000, 101, 0, 0, 1).isGood());
    assertFalse(new FleetReport.Calls(10, 100, 1_000, 99, 0, 0, 1).isGood());
    assertFalse(new FleetReport.Calls(10, 100, 1_000, 100, 0, 1, 1).isGood());
  }

  private static FleetReport.Lookups lookups(double vector, double exact) {
    return new FleetReport.Lookups(10, 9, 1, 1, vector, 1, 1, exact);
  }

  @Test
  void report_isAsGoodAsItsWorstPart() {
    assertTrue(NOTHING.isGood());
    FleetReport.Join good = new FleetReport.Join(10, 1, 0, 5, 60);
    FleetReport.Join bad = new FleetReport.Join(10, 11, 0, 5, 60);
    FleetReport.Latency latency = new FleetReport.Latency(10, 1, 1, 1);
    assertTrue(new FleetReport(2, 0, latency, null, null, null, good, null).isGood());
    assertFalse(new FleetReport(2, 0, latency, null, null, null, bad, null).isGood());
  }

  @Test
  void settings_outOfBounds_areRefusedWithTheValue() {
    InputException refused =
        assertThrows(
            InputException.class,
            () -> new FleetSettings(Set.of(Part.CALLS), 10, 1_000, 1_000, 1_000, 1, 1));
    assertEquals("1 processes are not from 2 to 64", refused.getMessage());
  }
}
