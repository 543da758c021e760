package dev.askonce.redis.internal.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CircuitTest {
  private long nowNanos = Long.MAX_VALUE - 5;
  private final Circuit circuit = new Circuit(3, 100, () -> nowNanos);

  @Test
  void admits_fewerFailuresThanTheLimit_always() {
    assertFalse(circuit.failed());
    assertFalse(circuit.failed());
    assertTrue(circuit.admits());
    assertTrue(circuit.admits());
  }

  @Test
  void admits_failuresNotInARow_always() {
    for (int i = 0; i < 10; i++) {
      circuit.failed();
      circuit.failed();
      assertFalse(circuit.succeeded());
    }
    assertTrue(circuit.admits());
  }

  @Test
  void admits_open_onceEachBackoffEvenWhenTheClockWraps() {
    open();
    nowNanos += 99;
    assertFalse(circuit.admits());
    nowNanos += 1;
    assertTrue(circuit.admits());
    assertFalse(circuit.admits());
    assertFalse(circuit.failed());
    nowNanos += 100;
    assertTrue(circuit.admits());
    assertFalse(circuit.admits());
  }

  @Test
  void admits_attemptWithoutResult_anotherAfterTheBackoff() {
    open();
    nowNanos += 100;
    assertTrue(circuit.admits());
    nowNanos += 100;
    assertTrue(circuit.admits());
  }

  @Test
  void succeeded_open_closes() {
    open();
    nowNanos += 100;
    assertTrue(circuit.admits());
    assertTrue(circuit.succeeded());
    assertTrue(circuit.admits());
    assertTrue(circuit.admits());
    assertFalse(circuit.succeeded());
  }

  private void open() {
    circuit.failed();
    circuit.failed();
    assertTrue(circuit.failed());
    assertFalse(circuit.admits());
  }
}
