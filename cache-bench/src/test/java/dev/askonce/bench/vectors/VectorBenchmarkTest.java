package dev.askonce.bench.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.bench.data.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorBenchmarkTest {
  private static final int ENTRIES = 2_100;
  private static final int QUERIES = 150;
  private static final int DIMENSION = 64;
  private static final double LEARN_SECONDS_MAX = 20;

  /**
   * Bytes of the heap that something else may let go while an engine is built: engines on the heap
   * are measured by its difference.
   */
  private static final int HEAP_NOISE = 384 << 10;

  @TempDir Path temp;

  private final List<String> told = new ArrayList<>();

  private List<Row> run(double buildSecondsMax, List<Peer> peers) throws Exception {
    RandomVectors random = new RandomVectors(DIMENSION, 11);
    float[][] base = random.vectors(ENTRIES);
    float[][] queries = random.vectors(QUERIES);
    queries[0] = base[17];
    return new VectorBenchmark(
            new VectorBenchmark.Settings(
                RandomVectors.file(temp.resolve("base"), base),
                RandomVectors.file(temp.resolve("queries"), queries),
                DIMENSION,
                0.9f,
                1,
                0.004,
                buildSecondsMax,
                LEARN_SECONDS_MAX),
            told::add)
        .run(peers);
  }

  @Test
  void allPeers_findTheTruthWithAWideBeam() throws Exception {
    List<Peer> peers = new ArrayList<>(Peer.named(Peer.names()));
    peers.add(new FakeEngine("all", k -> k).peer());
    peers.add(new FakeEngine("nothing", k -> 0).peer());
    List<Row> rows = run(1_000, peers);

    assertTrue(told.contains("1 queries have an exact equal in the base"), told.toString());
    for (Map.Entry<String, List<Row>> engine : byEngine(rows).entrySet()) {
      double expected = engine.getKey().equals("nothing") ? 0 : 1;
      double slack = engine.getKey().equals("all") ? 0 : 0.02;
      Row any = widest(engine.getValue(), Mode.ANY);
      Row best4 = widest(engine.getValue(), Mode.BEST4);
      Row nearest = widest(engine.getValue(), Mode.NEAREST);
      assertEquals(expected, any.decisionRecall().get("0.90"), slack, engine.getKey());
      assertEquals(expected, best4.top4Over80(), slack, engine.getKey());
      assertEquals(expected, nearest.recallAt1(), slack, engine.getKey());
      engine.getValue().forEach(VectorBenchmarkTest::assertPlausible);
    }
    assertTrue(byEngine(rows).keySet().containsAll(List.of("askonce", "lucene", "lucene8")));
    assertTrue(byEngine(rows).keySet().containsAll(List.of("jvector", "hnswlib")));
    for (Mode mode : List.of(Mode.ANY, Mode.BEST4)) {
      assertEquals(
          "calibrated", after("beam=64", byEngine(rows).get("askonce"), mode), told.toString());
    }
    assertSummary(new Summary(rows, 0.9f).lines());
  }

  private static Map<String, List<Row>> byEngine(List<Row> rows) {
    return rows.stream().collect(Collectors.groupingBy(Row::engine));
  }

  private static Row widest(List<Row> rows, Mode mode) {
    return rows.stream().filter(row -> row.mode().equals(mode.label)).toList().getLast();
  }

  private static String after(String setting, List<Row> rows, Mode mode) {
    List<String> settings =
        rows.stream().filter(row -> row.mode().equals(mode.label)).map(Row::setting).toList();
    return settings.get(settings.indexOf(setting) + 1);
  }

  private static void assertPlausible(Row row) {
    assertEquals(ENTRIES, row.n());
    assertEquals(DIMENSION, row.dim());
    assertTrue(row.qps() > 0, row.toString());
    double bytes = row.bytesPerEntry() * row.n();
    assertTrue(bytes >= ENTRIES * DIMENSION * Float.BYTES - HEAP_NOISE, row.toString());
    long hits = row.eligible().decisionRecall().get("0.90");
    assertTrue(hits > 10 && hits < QUERIES * 3 / 4, row.toString());
    assertTrue(row.hitMicros().p50() <= row.hitMicros().p99());
    assertTrue(row.missMicros().p50() <= row.missMicros().p99());
    assertFalse(row.missMicrosByBest().isEmpty());
    double[] interval = row.interval().decisionRecall().get("0.90");
    double recall = row.decisionRecall().get("0.90");
    assertTrue(interval[0] <= recall && recall <= interval[1], row.toString());
  }

  private static void assertSummary(List<String> lines) {
    assertEquals(3, lines.stream().filter(line -> line.contains("at least")).count());
    assertTrue(lines.stream().anyMatch(line -> line.matches("  nothing .* not reached")));
    assertEquals(3, lines.stream().filter(line -> line.startsWith("  askonce :")).count());
    assertEquals(2, lines.stream().filter(line -> line.startsWith("misses of")).count());
  }

  @Test
  void slowBuild_isLeftOut() throws Exception {
    Peer slow =
        new Peer(
            "slow",
            () -> {
              throw new BuildPace.TooSlow("it would take years");
            });
    assertEquals(List.of(), run(1_000, List.of(slow)));
    assertTrue(told.contains("slow is left out: it would take years"), told.toString());
  }

  @Test
  void pace_stopsWhatTakesTooLong() {
    BuildPace pace = new BuildPace("one", 1_000, 1, -1, new Progress(told::add));
    assertEquals(
        "linking after 0 s",
        assertThrows(BuildPace.TooSlow.class, () -> pace.waited("linking")).getMessage());
  }
}
