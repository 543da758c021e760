package dev.askonce.engine.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import dev.askonce.engine.internal.kernel.ScalarKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link LinkSelection} against its rule written down in the plainest way. */
class LinkSelectionTest {
  private static final int DIMENSION = 12;

  @TempDir Path directory;

  private final ScalarKernel kernel = new ScalarKernel();
  private IndexFixture fixture;
  private int narrow;
  private int filled;

  @Test
  void choose_anyCandidates_isStrictFirstThenNarrowThenTheNearest() throws IOException {
    Random random = TestSeed.random("LinkSelectionTest", 12);
    LinkSelection selection = new LinkSelection(kernel, DIMENSION);
    try (IndexFixture opened = new IndexFixture(directory, DIMENSION)) {
      fixture = opened;
      for (int round = 0; round < 300; round++) {
        float[] node = TestSeed.unitVector(random, DIMENSION);
        LinkScratch link = new LinkScratch(DIMENSION);
        int candidates = 1 + random.nextInt(200);
        for (int i = 0; i < candidates; i++) {
          int slot = fixture.put(TestSeed.near(random, node, 0.3 + 0.65 * random.nextDouble()));
          link.add(slot, LinkScratch.NEW, address(slot), fixture.cosine(node, slot));
        }
        List<Integer> expected = expected(link);
        int taken = selection.choose(link);
        TreeSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < taken; i++) {
          chosen.add(link.chosen[i]);
        }
        assertEquals(new TreeSet<>(expected), chosen, "of " + candidates);
        assertEquals(expected.size(), taken);
      }
    }
    assertTrue(narrow > 100 && filled > 100, narrow + " narrow, " + filled + " filled");
  }

  private long address(int slot) {
    return fixture.table.vectorAddress(slot);
  }

  private List<Integer> expected(LinkScratch link) {
    List<Integer> nearest = new ArrayList<>();
    for (int place = 0; place < link.count; place++) {
      nearest.add(place);
    }
    nearest.sort(Comparator.comparing((Integer place) -> -link.cosines[place]));
    List<Integer> chosen = new ArrayList<>();
    take(nearest, 1, 32, link, chosen);
    int strict = chosen.size();
    take(nearest, 1 / 1.06f, 28, link, chosen);
    narrow += chosen.size() - strict;
    for (int place : nearest) {
      if (chosen.size() < 24 && !chosen.contains(place)) {
        chosen.add(place);
        filled++;
      }
    }
    return chosen;
  }

  private void take(
      List<Integer> nearest, float share, int end, LinkScratch link, List<Integer> chosen) {
    for (int place : nearest) {
      boolean apart =
          chosen.stream()
              .allMatch(
                  other ->
                      1 - kernel.dot(link.vectors[place], link.vectors[other], DIMENSION)
                          >= share * (1 - link.cosines[place]));
      if (chosen.size() < end && apart && !chosen.contains(place)) {
        chosen.add(place);
      }
    }
  }
}
