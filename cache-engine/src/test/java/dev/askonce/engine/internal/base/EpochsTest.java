package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class EpochsTest {
  @Test
  void passed_readerInside_waitsForItAlone() {
    Epochs epochs = new Epochs(3);
    assertTrue(epochs.passed(epochs.advance()));
    epochs.enter(1);
    long unlinked = epochs.advance();
    assertFalse(epochs.passed(unlinked));
    epochs.enter(2);
    epochs.exit(1);
    assertTrue(epochs.passed(unlinked), "a reader that came after does not count");
    assertFalse(epochs.passed(epochs.advance()));
    epochs.exit(2);
    assertTrue(epochs.passed(epochs.advance()));
  }

  @Test
  void passed_laterEpoch_impliesEarlier() {
    Epochs epochs = new Epochs(1);
    long first = epochs.advance();
    epochs.enter(0);
    long second = epochs.advance();
    assertTrue(first < second);
    assertTrue(epochs.passed(first));
    assertFalse(epochs.passed(second));
  }

  /** The use it is made for: what a reader holds is not given back while it holds it. */
  @Test
  void readers_concurrentReclaim_neverSeeReclaimed() throws InterruptedException {
    int cells = 64;
    Epochs epochs = new Epochs(2);
    AtomicIntegerArray reclaimed = new AtomicIntegerArray(200_000);
    AtomicInteger shared = new AtomicInteger(0);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> readers = new ArrayList<>();
    for (int r = 0; r < 2; r++) {
      int index = r;
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!stop.get()) {
                      epochs.enter(index);
                      int seen = shared.get();
                      for (int i = 0; i < cells; i++) {
                        wrong.addAndGet(reclaimed.get(seen));
                      }
                      epochs.exit(index);
                    }
                  }));
    }
    int waitingFrom = 0;
    long[] epochOf = new long[reclaimed.length()];
    for (int next = 1; next < reclaimed.length(); next++) {
      shared.set(next);
      epochOf[next - 1] = epochs.advance();
      for (; waitingFrom < next && epochs.passed(epochOf[waitingFrom]); waitingFrom++) {
        reclaimed.set(waitingFrom, 1);
      }
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(0, wrong.get());
    assertTrue(epochs.passed(epochs.advance()));
  }
}
