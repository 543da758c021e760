package dev.askonce.engine.internal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.TestSeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ResponseStore} promises. */
abstract class ResponseStoreContract {
  /** The longest frame of the stores under test. */
  static final int FRAME_BYTES_MAX = 16 * 1024;

  @TempDir Path directory;

  ResponseStore store;

  /** {@return the store in a directory that may hold one already} */
  abstract ResponseStore open(Path directory, boolean clean) throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open(directory, true);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private void reopen(boolean clean) throws IOException {
    store.close();
    store = open(directory, clean);
  }

  static byte[] frame(long number, int length) {
    byte[] frame = new byte[length];
    new Random(number).nextBytes(frame);
    return frame;
  }

  static EntryId id(long number) {
    return new EntryId(1, number);
  }

  @Test
  void answer_whatWasPut_comesBack() throws TimeoutException {
    int shard = store.put(id(1), frame(2, 100), frame(3, 1000));
    assertArrayEquals(frame(3, 1000), store.answer(shard, id(1)));
    assertArrayEquals(frame(2, 100), store.card(shard, id(1)));
  }

  @Test
  void answer_unknownIdOrShard_isNull() throws TimeoutException {
    int shard = store.put(id(1), frame(2, 100), frame(3, 1000));
    assertNull(store.answer(shard, id(2)));
    assertNull(store.card(shard, new EntryId(2, 1)));
    assertNull(store.answer(shard + 1, id(1)));
    assertNull(store.card(shard + 1, id(1)));
    store.remove(shard + 1, id(1));
    store.remove(shard, id(2));
    assertArrayEquals(frame(3, 1000), store.answer(shard, id(1)));
  }

  @Test
  void remove_entry_takesBothFrames() throws TimeoutException {
    int shard = store.put(id(1), frame(2, 100), frame(3, 1000));
    store.put(id(2), frame(4, 100), frame(5, 1000));
    store.remove(shard, id(1));
    assertNull(store.answer(shard, id(1)));
    assertNull(store.card(shard, id(1)));
    assertArrayEquals(frame(5, 1000), store.answer(shard, id(2)));
    store.remove(shard, id(1));
  }

  @Test
  void put_emptyAndLongestFrames_areKept() throws TimeoutException {
    int empty = store.put(id(1), new byte[0], new byte[0]);
    assertArrayEquals(new byte[0], store.answer(empty, id(1)));
    int longest = store.put(id(2), frame(1, FRAME_BYTES_MAX), frame(2, FRAME_BYTES_MAX));
    assertNotEquals(ResponseStore.REFUSED, longest);
    assertArrayEquals(frame(1, FRAME_BYTES_MAX), store.card(longest, id(2)));
    assertArrayEquals(frame(2, FRAME_BYTES_MAX), store.answer(longest, id(2)));
  }

  @Test
  void put_frameOverTheLimit_isRefusedAndLeavesNothing() throws TimeoutException {
    byte[] over = new byte[64 * FRAME_BYTES_MAX];
    assertEquals(ResponseStore.REFUSED, store.put(id(1), new byte[1], over));
    assertEquals(ResponseStore.REFUSED, store.put(id(1), over, new byte[1]));
    assertNull(store.answer(0, id(1)));
    assertNull(store.card(0, id(1)));
    assertEquals(0, store.put(id(2), frame(1, 10), frame(2, 10)), "others still have room");
  }

  @Test
  void reopen_cleanOrNot_keepsWhatWasPut() throws IOException, TimeoutException {
    int[] shards = new int[300];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = store.put(id(i), frame(i, 50 + i), frame(-i, 500 + i));
    }
    for (boolean clean : new boolean[] {true, false, true}) {
      reopen(clean);
      for (int i = 0; i < shards.length; i++) {
        assertArrayEquals(frame(-i, 500 + i), store.answer(shards[i], id(i)));
        assertArrayEquals(frame(i, 50 + i), store.card(shards[i], id(i)));
      }
    }
  }

  @Test
  void removeOrphans_someLive_removesTheOthers() throws TimeoutException {
    int[] shards = new int[100];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = store.put(id(i), frame(i, 50), frame(-i, 500));
    }
    assertEquals(2 * 50, store.removeOrphans(live -> live.sequence() % 2 == 0));
    assertEquals(0, store.removeOrphans(live -> live.sequence() % 2 == 0));
    for (int i = 0; i < shards.length; i++) {
      assertEquals(i % 2 == 0, store.answer(shards[i], id(i)) != null);
      assertEquals(i % 2 == 0, store.card(shards[i], id(i)) != null);
    }
  }

  @Test
  void operations_random_matchMap() throws IOException, TimeoutException {
    Random random = TestSeed.random(getClass().getSimpleName(), 12);
    Map<Long, Integer> shardOf = new HashMap<>();
    for (long step = 0; step < 3_000; step++) {
      long number = random.nextInt(200) + (step / 1_000) * 1_000;
      Integer shard = shardOf.get(number);
      if (random.nextInt(500) == 0) {
        reopen(random.nextBoolean());
      } else if (shard == null && random.nextBoolean()) {
        int put =
            store.put(id(number), frame(number, (int) number), frame(-number, (int) number * 2));
        assertNotEquals(ResponseStore.REFUSED, put);
        shardOf.put(number, put);
      } else if (shard == null) {
        assertNull(store.answer(0, id(number)));
      } else if (random.nextInt(4) == 0) {
        store.remove(shard, id(number));
        shardOf.remove(number);
      } else {
        assertArrayEquals(frame(-number, (int) number * 2), store.answer(shard, id(number)));
        assertArrayEquals(frame(number, (int) number), store.card(shard, id(number)));
      }
    }
  }

  @Test
  void putAndRead_virtualThreads_eachFindsItsOwn() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> results = new ArrayList<>();
      for (int t = 0; t < 200; t++) {
        long number = t;
        Callable<Void> task =
            () -> {
              int shard = store.put(id(number), frame(number, 60), frame(-number, 600));
              assertTrue(shard >= 0);
              assertArrayEquals(frame(-number, 600), store.answer(shard, id(number)));
              assertArrayEquals(frame(number, 60), store.card(shard, id(number)));
              store.remove(shard, id(number));
              assertNull(store.answer(shard, id(number)));
              return null;
            };
        results.add(threads.submit(task));
      }
      for (Future<Void> result : results) {
        result.get();
      }
    }
  }
}
