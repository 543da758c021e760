package dev.askonce.bench.replication;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.Progress;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultCampaignTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void caches_amongFaults_answerTheSameAndNothingWrong(FaultSettings.Topology topology)
      throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    FaultReport report =
        FaultCampaign.run(
            new FaultSettings(200, 100, seed, topology), directory, new Progress(line -> {}));
    assertTrue(report.isGood(), report::toString);
    assertTrue(report.total() >= 200, report::toString);
    assertTrue(report.hits() > 0, report::toString);
  }
}
