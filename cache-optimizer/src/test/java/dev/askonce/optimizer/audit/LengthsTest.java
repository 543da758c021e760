package dev.askonce.optimizer.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LengthsTest {
  @Test
  void within_isNearTheTrueLength() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Lengths lengths = new Lengths();
    long[] all = random.longs(1_000, 1, 4_000).toArray();
    Arrays.stream(all).forEach(lengths::add);
    Arrays.sort(all);
    for (double share : new double[] {0.1, 0.5, 0.9, 0.99, 1}) {
      double truth = all[(int) Math.ceil(share * all.length) - 1];
      assertTrue(lengths.within(share) >= truth - 1, "seed " + seed);
      assertTrue(lengths.within(share) <= truth * 1.1, "seed " + seed);
    }
  }

  @Test
  void within_isExactForPowersOfTwo() {
    Lengths lengths = new Lengths();
    lengths.add(1);
    lengths.add(256);
    lengths.add(0);
    assertEquals(1, lengths.within(0.5));
    assertEquals(256, lengths.within(1));
  }
}
