package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongHeapTest {
  @Test
  void operations_random_matchPriorityQueue() {
    Random random = TestSeed.random("LongHeapTest", 41);
    for (int round = 0; round < 200; round++) {
      int capacity = 1 + random.nextInt(70);
      LongHeap heap = new LongHeap(capacity);
      PriorityQueue<Long> oracle = new PriorityQueue<>();
      for (int step = 0; step < 400; step++) {
        long item = random.nextInt(4) == 0 ? random.nextInt(5) : random.nextLong();
        switch (random.nextInt(5)) {
          case 0 -> {
            if (!heap.isFull()) {
              heap.push(item);
              oracle.add(item);
            }
          }
          case 1, 2 -> {
            heap.pushBounded(item);
            oracle.add(item);
            if (oracle.size() > capacity) {
              oracle.poll();
            }
          }
          case 3 -> {
            if (!oracle.isEmpty()) {
              assertEquals(oracle.poll(), heap.pop());
            }
          }
          default -> {
            if (random.nextInt(100) == 0) {
              heap.clear();
              oracle.clear();
            }
          }
        }
        assertEquals(oracle.size(), heap.size());
        assertEquals(oracle.size() == capacity, heap.isFull());
        if (!oracle.isEmpty()) {
          assertEquals(oracle.peek(), heap.top());
        }
      }
      while (!oracle.isEmpty()) {
        assertEquals(oracle.poll(), heap.pop());
      }
    }
  }

  @Test
  void pack_scores_sortAsLongsAndComeBack() {
    float[] ascending = {
      Float.NEGATIVE_INFINITY,
      -1e30f,
      -1,
      -0.5f,
      -Float.MIN_VALUE,
      -0f,
      0f,
      Float.MIN_VALUE,
      0.95f,
      Math.nextUp(0.95f),
      1,
      1e30f,
      Float.POSITIVE_INFINITY
    };
    for (int i = 0; i < ascending.length; i++) {
      for (int slot : new int[] {0, 1, Integer.MAX_VALUE}) {
        long packed = LongHeap.pack(ascending[i], slot);
        assertEquals(ascending[i], LongHeap.score(packed));
        assertEquals(slot, LongHeap.slot(packed));
        if (i > 0) {
          assertTrue(LongHeap.pack(ascending[i - 1], Integer.MAX_VALUE) < packed);
        }
      }
    }
  }

  @Test
  void push_fullHeap_failsTheAssertion() {
    LongHeap heap = new LongHeap(1);
    heap.push(1);
    assertThrows(AssertionError.class, () -> heap.push(2));
  }
}
