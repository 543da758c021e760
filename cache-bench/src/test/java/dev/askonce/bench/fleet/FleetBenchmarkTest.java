package dev.askonce.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.crash.ChildJvm;
import dev.askonce.bench.data.Progress;
import dev.askonce.bench.fleet.FleetSettings.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetBenchmarkTest {
  @TempDir Path directory;

  /** Real processes: what they ask at once is loaded once. */
  @Test
  void calls_ofTwoProcesses_areMadeOnce() throws IOException, InterruptedException {
    List<String> steps = new ArrayList<>();
    FleetReport report =
        new FleetBenchmark(
                new FleetSettings(Set.of(Part.CALLS), 10, 1_000, 1_000, 1_000, 2, 30),
                new Progress(steps::add))
            .run();
    FleetReport.Calls calls = report.calls();
    assertEquals(60, calls.asked());
    assertEquals(30, calls.modelCalls(), report::toString);
    assertEquals(0, calls.wrong(), report::toString);
    assertTrue(report.isGood(), report::toString);
    assertNull(report.latency());
    assertEquals(1, steps.size(), steps::toString);
  }

  @Test
  void processThatFails_saysWhatItWrote() throws IOException {
    ChildJvm jvm = new ChildJvm(Files.createDirectory(directory.resolve("classes")));
    IllegalStateException failed =
        assertThrows(
            IllegalStateException.class, () -> Member.start(jvm, directory, "a", null, "none"));
    assertTrue(failed.getMessage().contains("Xmx"), failed::getMessage);
  }
}
