package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VisitedSetTest {
  @Test
  void add_manyRoundsAndGrowth_matchesSet() {
    Random random = TestSeed.random("VisitedSetTest", 42);
    VisitedSet visited = new VisitedSet();
    for (int round = 0; round < 1200; round++) {
      int limit = 1 + random.nextInt(1 + round);
      visited.clear(limit);
      Set<Integer> oracle = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        int index = random.nextInt(limit);
        assertEquals(oracle.add(index), visited.add(index), "round " + round);
      }
    }
  }

  @Test
  void clear_roundsWrap_forgetsMarksOfThatNumber() {
    VisitedSet visited = new VisitedSet();
    for (int round = 0; round < 1000; round++) {
      visited.clear(3);
      // A mark set once and never again would come back when the number of its round does.
      if (round == 0) {
        assertTrue(visited.add(2));
      }
      assertTrue(visited.add(1));
      assertFalse(visited.add(1));
      if (round % 255 == 0 && round > 0) {
        assertTrue(visited.add(2), "round " + round);
      }
    }
  }

  /** A table may grow, and a link to a new slot be met, while a search is under way. */
  @Test
  void add_indexBeyondLimit_isNotVisited() {
    VisitedSet visited = new VisitedSet();
    visited.clear(4);
    assertFalse(visited.add(4));
    assertFalse(visited.add(1 << 20));
    assertTrue(visited.add(3));
  }
}
