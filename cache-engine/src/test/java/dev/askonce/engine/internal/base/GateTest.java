package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
  @Test
  void enter_closedGate_isRefused() {
    Gate gate = new Gate();
    int pass = gate.enter();
    assertTrue(pass >= 0);
    gate.exit(pass);
    assertFalse(gate.isClosed());
    gate.close();
    assertTrue(gate.isClosed());
    assertEquals(-1, gate.enter());
    gate.close();
  }

  @Test
  void close_callUnderWay_waitsForItsExit() throws InterruptedException {
    Gate gate = new Gate();
    int pass = gate.enter();
    AtomicBoolean left = new AtomicBoolean();
    AtomicBoolean leftBeforeClosed = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  gate.close();
                  leftBeforeClosed.set(left.get());
                });
    while (!gate.isClosed()) {
      Thread.onSpinWait();
    }
    assertEquals(-1, gate.enter(), "nobody enters behind a closing gate");
    left.set(true);
    gate.exit(pass);
    closer.join();
    assertTrue(leftBeforeClosed.get());
  }

  @Test
  void close_manyThreads_nobodyIsInsideAfter() throws InterruptedException {
    for (int round = 0; round < 50; round++) {
      Gate gate = new Gate();
      AtomicInteger inside = new AtomicInteger();
      CountDownLatch started = new CountDownLatch(4);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      started.countDown();
                      for (int pass; (pass = gate.enter()) >= 0; gate.exit(pass)) {
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                      }
                    }));
      }
      started.await();
      gate.close();
      assertEquals(0, inside.get());
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
