package dev.askonce.engine.internal.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.TestSeed;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ValueEvictionTest {
  /** A cache of keys: what the engine does around the policy. */
  private static final class Keys {
    final ValueEviction eviction = new ValueEviction(5);
    final Map<Integer, Integer> slotOfKey = new HashMap<>();
    final int[] keyOfSlot;
    long requests;

    Keys(int entriesMax) {
      keyOfSlot = new int[entriesMax];
      eviction.reserve(entriesMax);
    }

    boolean ask(int key, long savedNanos) {
      requests++;
      Integer known = slotOfKey.get(key);
      if (known != null) {
        eviction.used(known);
        return true;
      }
      int slot = eviction.live();
      if (slot == keyOfSlot.length) {
        slot = eviction.victim(false);
        eviction.remember(slot, hash(keyOfSlot[slot]));
        eviction.removed(slot);
        slotOfKey.remove(keyOfSlot[slot]);
      }
      keyOfSlot[slot] = key;
      slotOfKey.put(key, slot);
      eviction.added(slot, hash(key), savedNanos, 1_000, requests);
      return false;
    }

    static long hash(int key) {
      return (key + 1) * 0x9E3779B97F4A7C15L;
    }
  }

  @Test
  void victim_randomLife_isAlwaysLive() {
    Random random = TestSeed.random("ValueEvictionTest", 61);
    ValueEviction eviction = new ValueEviction(random.nextLong());
    BitSet live = new BitSet();
    long[] sizes = new long[3_000];
    for (int step = 0; step < 200_000; step++) {
      int capacity = step < 50_000 ? 1_000 : 3_000;
      eviction.reserve(capacity);
      int slot = random.nextInt(capacity);
      switch (random.nextInt(step % 20_000 < 10_000 ? 3 : 5)) {
        case 0 -> {
          if (!live.get(slot)) {
            int size = random.nextInt(10_000);
            long saves = random.nextBoolean() ? 0 : random.nextLong(Long.MAX_VALUE);
            eviction.added(slot, random.nextInt(50), saves, size, step);
            live.set(slot);
            sizes[slot] = size;
          }
        }
        // Dead ones too, as by a lookup that is late, and slots that are not reserved yet.
        case 1, 2 -> eviction.used(random.nextInt(4_000));
        default -> {
          int victim = eviction.victim(random.nextBoolean());
          assertEquals(live.isEmpty(), victim < 0, "step " + step);
          if (victim >= 0) {
            assertTrue(live.get(victim), "step " + step);
            if (random.nextBoolean()) {
              eviction.remember(victim, random.nextInt(50));
            }
            eviction.removed(victim);
            live.clear(victim);
          }
        }
      }
      assertEquals(live.cardinality(), eviction.live());
    }
    assertEquals(live.stream().mapToLong(slot -> sizes[slot]).sum(), eviction.bytes());
  }

  @Test
  void victim_sameSeed_isTheSame() {
    int[] first = victims(3);
    assertArrayEquals(first, victims(3));
    assertFalse(Arrays.equals(first, victims(4)));
  }

  private static int[] victims(long seed) {
    ValueEviction eviction = new ValueEviction(seed);
    eviction.reserve(500);
    for (int slot = 0; slot < 500; slot++) {
      eviction.added(slot, slot, 0, 100, slot);
    }
    int[] victims = new int[100];
    for (int i = 0; i < victims.length; i++) {
      victims[i] = eviction.victim(false);
      eviction.removed(victims[i]);
    }
    return victims;
  }

  @Test
  void victim_savesLeast_byEntryOrByByte() {
    ValueEviction eviction = new ValueEviction(1);
    eviction.reserve(2);
    eviction.added(0, 1, 1_000, 100, 1);
    eviction.added(1, 2, 2_000, 1_000, 2);
    assertEquals(0, eviction.victim(false));
    assertEquals(1, eviction.victim(true));
  }

  @Test
  void victim_unknownSaving_countsAsTheMean() {
    ValueEviction eviction = new ValueEviction(1);
    eviction.reserve(3);
    eviction.added(0, 1, 100, 100, 1);
    eviction.added(1, 2, 0, 100, 2);
    eviction.added(2, 3, 900, 100, 3);
    assertEquals(0, eviction.victim(false));
    eviction.removed(0);
    assertEquals(1, eviction.victim(false));
  }

  @Test
  void spared_isNamedOnlyWhereThereIsNoOther() {
    ValueEviction eviction = new ValueEviction(1);
    eviction.reserve(2);
    eviction.added(0, 1, 1, 100, 1);
    eviction.added(1, 2, 1_000_000, 100, 2);
    assertEquals(0, eviction.victim(false));
    eviction.spare(0);
    assertEquals(1, eviction.victim(false));
    eviction.removed(1);
    assertEquals(0, eviction.victim(false));
  }

  @Test
  void scan_ofTenTimesTheCache_leavesWhatIsAskedFor() {
    Random random = TestSeed.random("ValueEvictionTest.scan", 62);
    Keys keys = new Keys(1_000);
    for (int i = 0; i < 40_000; i++) {
      keys.ask(random.nextInt(800), 0);
    }
    int next = 1_000_000;
    int hits = 0;
    for (int i = 0; i < 10_000; i++) {
      keys.ask(next++, 0);
      hits += keys.ask(random.nextInt(800), 0) ? 1 : 0;
    }
    // By recency alone a key would have to come back within 590 of its kind: half of them do.
    assertTrue(hits > 9_000, hits + " hits");
  }

  @Test
  void drift_toOtherKeys_isFollowed() {
    Random random = TestSeed.random("ValueEvictionTest.drift", 63);
    Keys keys = new Keys(1_000);
    for (int i = 0; i < 100_000; i++) {
      keys.ask(random.nextInt(900), 0);
    }
    for (int i = 0; i < 20_000; i++) {
      keys.ask(10_000 + random.nextInt(900), 0);
    }
    int hits = 0;
    for (int i = 0; i < 10_000; i++) {
      hits += keys.ask(10_000 + random.nextInt(900), 0) ? 1 : 0;
    }
    assertTrue(hits > 9_500, hits + " hits");
  }

  @Test
  void evicted_thatComesBack_isKnown() {
    Ghosts ghosts = new Ghosts(1_000);
    for (int key = 0; key < 1_000; key++) {
      int word = UseWord.used(UseWord.used(UseWord.first(7), 8), 9);
      ghosts.add(Keys.hash(key), word, key % UseForecast.KINDS, 9);
    }
    int known = 0;
    for (int key = 0; key < 1_000; key++) {
      int word = ghosts.take(Keys.hash(key));
      if (word != Ghosts.NONE) {
        known++;
        assertEquals(UseWord.countClass(UseWord.word(3 << 10, 9)), UseWord.countClass(word));
        assertEquals(9, UseWord.tick(word));
      }
    }
    assertTrue(known > 900, known + " known");
    assertEquals(Ghosts.NONE, ghosts.take(Keys.hash(1)), "taken once");
  }

  @Test
  void count_halvesAndAgeDoesNotGoRound() {
    int word = UseWord.word(64 << 10, 100);
    int halfLife = UseWord.HALF_LIFE_TICKS;
    assertEquals(32 << 10, UseWord.countNow(word, 100 + halfLife));
    assertEquals(48 << 10, UseWord.countNow(word, 100 + halfLife / 2));
    int aged = word;
    for (int now = 100; now < 100_000; now += 1_000) {
      aged = UseWord.aged(aged, now);
      assertTrue(UseWord.age(aged, now) >= Math.min(now - 100, 8_000), "at " + now);
    }
    int used = word;
    for (int i = 0; i < 1_000; i++) {
      used = UseWord.used(used, 100);
    }
    assertEquals((1 << 18) - 1, UseWord.count(used), "saturates");
  }

  @Test
  void used_byManyThreads_besideTheWriter_breaksNothing() throws InterruptedException {
    Keys keys = new Keys(512);
    AtomicBoolean over = new AtomicBoolean();
    Thread[] readers = new Thread[3];
    for (int r = 0; r < readers.length; r++) {
      int first = r;
      readers[r] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = first; !over.get(); i++) {
                      keys.eviction.used(i * 7 % 600);
                    }
                  });
    }
    Random random = TestSeed.random("ValueEvictionTest.threads", 64);
    for (int i = 0; i < 200_000; i++) {
      keys.ask(random.nextInt(5_000), random.nextInt(1_000));
      assertEquals(keys.slotOfKey.size(), keys.eviction.live());
    }
    over.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(512_000, keys.eviction.bytes());
  }
}
