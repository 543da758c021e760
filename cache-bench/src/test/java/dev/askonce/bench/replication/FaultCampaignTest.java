package dev.askonce.bench.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.Progress;
import dev.askonce.redis.rig.FaultyProxy;
import dev.askonce.redis.rig.RedisProcess;
import dev.askonce.redis.rig.RigFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
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
    // Sentinels look at servers every ten seconds, and need to before they fail over again.
    int failovers =
        switch (topology) {
          case SINGLE -> 0;
          case CLUSTER -> 2;
          case SENTINEL -> 1;
        };
    FaultReport report =
        FaultCampaign.run(
            new FaultSettings(150, 150, failovers, seed, topology),
            directory,
            new Progress(line -> {}));
    assertNull(report.failure(), report::toString);
    assertTrue(report.isGood(), report::toString);
    assertTrue(report.total() >= 150, report::toString);
    assertTrue(report.hits() > 0, report::toString);
    if (topology.hasReplicas()) {
      assertTrue(report.faults().get("TAIL_LOSS") > 0, report::toString);
      assertTrue(failovers < 2 || report.faults().get("FAILOVER") > 0, report::toString);
      assertTrue(report.tailBytes() > 0, report::toString);
    }
  }

  @Test
  void serversThatFail_endTheCampaignWithWhatWasUntilThen() throws IOException {
    Installation servers = Installation.open(FaultSettings.Topology.SINGLE);
    FaultReport report =
        FaultCampaign.run(
            new FaultSettings(10_000, 10, 0, 1, FaultSettings.Topology.SINGLE),
            directory,
            new Progress(line -> {}),
            topology -> new Failing(servers));
    assertEquals("not within 90 s: replicas in step", report.failure());
    assertEquals(0, report.rounds());
    assertTrue(report.total() >= 10 && report.total() < 10_000, report::toString);
    assertTrue(report.isGood(), report::toString);
    assertFalse(servers.primaries().getFirst().isAlive());
  }

  /** Servers that do not come to themselves again. */
  private static final class Failing implements Installation {
    private final Installation servers;

    Failing(Installation servers) {
      this.servers = servers;
    }

    @Override
    public void heal() {
      throw new RigFailure("not within 90 s: replicas in step\nand more of it");
    }

    @Override
    public String uri() {
      return servers.uri();
    }

    @Override
    public List<FaultyProxy> proxies() {
      return servers.proxies();
    }

    @Override
    public List<RedisProcess> primaries() {
      return servers.primaries();
    }

    @Override
    public List<RedisProcess> servers() {
      return servers.servers();
    }

    @Override
    public void restart(Random random, Runnable calls) {
      servers.restart(random, calls);
    }

    @Override
    public void failOver(Random random, Runnable calls) {
      servers.failOver(random, calls);
    }

    @Override
    public long loseTail(Runnable calls) {
      return servers.loseTail(calls);
    }

    @Override
    public void close() {
      servers.close();
    }
  }
}
