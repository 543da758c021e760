package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.kernel.VectorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Pivots} and {@link PivotGroups}, over nodes that no graph holds. */
class PivotsTest {
  private static final int DIMENSION = 96;

  /** Estimates nearer than this are taken in any order. */
  private static final float BUCKET = 1.3f / 512 + 1e-5f;

  @TempDir Path directory;

  private IndexFixture fixture;
  private IndexSpace space;
  private SearchScratch scratch;
  private final Random random = TestSeed.random("PivotsTest", 11);

  @BeforeEach
  void open() throws IOException {
    fixture = new IndexFixture(directory, DIMENSION);
    space = fixture.space;
    scratch = new SearchScratch(space);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private int node(float[] vector) throws IOException {
    int slot = fixture.put(vector);
    VectorCode code = new VectorCode(DIMENSION);
    scratch.encoder().encode(fixture.table.vectorAddress(slot), code);
    return space.blocks.allocate(slot, code);
  }

  private static List<Integer> all(Pivots pivots) {
    List<Integer> all = new ArrayList<>();
    pivots.forEach(all::add);
    return all;
  }

  /** {@return the estimate of the best node in the frontier} */
  private float best(float[] query, Runnable offers) {
    System.arraycopy(query, 0, scratch.query(), 0, DIMENSION);
    scratch.begin();
    scratch.prepare();
    scratch.frontier.clear(64);
    offers.run();
    return scratch.frontier.estimate(scratch.frontier.take());
  }

  @Test
  void enter_queryNearPivots_beginsAtTheBestOfAllButSeldom() throws IOException {
    int[] nodes = new int[1_800];
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      float[] centre = i < 60 ? TestSeed.unitVector(random, DIMENSION) : vectors.get(i % 60);
      vectors.add(TestSeed.near(random, centre, 0.8));
      nodes[i] = node(vectors.get(i));
    }
    PivotGroups groups = new PivotGroups(space, nodes);
    int missed = 0;
    for (float[] vector : vectors) {
      missed += beginsAtTheBest(groups, vector) ? 0 : 1;
    }
    assertTrue(missed <= nodes.length / 20, missed + " of " + nodes.length);
  }

  private boolean beginsAtTheBest(PivotGroups groups, float[] vector) {
    float[] query = TestSeed.near(random, vector, 0.9);
    float begun = best(query, () -> enter(groups));
    float bestOfAll = best(query, () -> enterAll(groups));
    assertTrue(begun <= bestOfAll + BUCKET, begun + " of " + bestOfAll);
    return begun >= bestOfAll - BUCKET;
  }

  private void enter(PivotGroups groups) {
    groups.choose(scratch);
    for (int i = 0; i < scratch.entries.count(); i++) {
      scratch.frontier.offer(scratch.links[i], scratch.entries.estimate(i));
    }
  }

  private void enterAll(PivotGroups groups) {
    for (int group = 0; group < groups.groupCount(); group++) {
      int mask = groups.read(group, scratch);
      scratch.frontier.offer(scratch.links, mask, scratch.estimates);
    }
  }

  @Test
  void isWorn_asManyCameAsThereWere_asksForOtherLeaders() throws IOException {
    int[] nodes = new int[600];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = node(TestSeed.unitVector(random, DIMENSION));
    }
    PivotGroups groups = new PivotGroups(space, nodes);
    int replaced = 0;
    while (!groups.isWorn()) {
      int place = random.nextInt(groups.places());
      if (!groups.isFree(place)) {
        groups.remove(place);
        groups.add(nodes[replaced++ % nodes.length]);
      }
    }
    assertEquals(nodes.length + 1, replaced);
  }

  @Test
  void nodesComeAndLeave_anyTime_isASampleOfTheSizeWanted() throws IOException {
    Pivots pivots = new Pivots(space);
    IntArrayList nodes = new IntArrayList();
    for (int i = 0; i < 3_000; i++) {
      addNode(nodes, pivots);
      requireSample(pivots, nodes);
      assertEquals(wanted(nodes), pivots.count());
    }
    assertTrue(
        all(pivots).stream().filter(node -> node < nodes.getInt(1_500)).count() > 150,
        "old nodes are as likely as new ones");
    while (!nodes.isEmpty()) {
      IntHashSet leaving = new IntHashSet();
      for (int i = 0; i < 200; i++) {
        leaving.add(nodes.popInt());
      }
      pivots.leave(leaving, nodes);
      requireSample(pivots, nodes);
    }
    addNode(nodes, pivots);
    assertEquals(List.of(nodes.getInt(0)), all(pivots));
  }

  private void addNode(IntArrayList nodes, Pivots pivots) throws IOException {
    nodes.addInt(node(TestSeed.unitVector(random, DIMENSION)));
    pivots.consider(nodes);
  }

  private static int wanted(IntArrayList nodes) {
    return Math.min(nodes.size(), (int) (8 * Math.sqrt(nodes.size())));
  }

  private static void requireSample(Pivots pivots, IntArrayList nodes) {
    List<Integer> all = all(pivots);
    assertEquals(all.size(), pivots.count());
    assertEquals(all.size(), Set.copyOf(all).size());
    assertTrue(all.size() >= wanted(nodes), all.size() + " of " + wanted(nodes));
    assertEquals(all.isEmpty(), pivots.isEmpty());
    IntHashSet members = new IntHashSet();
    members.addAll(nodes);
    assertTrue(members.containsAll(all), "a pivot has left the graph");
  }

  @Test
  void require_anyNode_isAPivotThen() throws IOException {
    Pivots pivots = new Pivots(space);
    IntArrayList nodes = new IntArrayList();
    for (int i = 0; i < 500; i++) {
      addNode(nodes, pivots);
    }
    int count = pivots.count();
    for (int i = 0; i < 500; i++) {
      int node = node(TestSeed.unitVector(random, DIMENSION));
      pivots.require(node);
      pivots.require(node);
      assertEquals(1, all(pivots).stream().filter(other -> other == node).count());
      assertEquals(count, pivots.count());
    }
  }
}
