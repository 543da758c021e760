package dev.askonce.optimizer.batch;

import java.time.Duration;

/** Waits between two looks at a provider. */
@FunctionalInterface
public interface Pause {
  /** Asleep. */
  Pause ASLEEP = Thread::sleep;

  void sleep(Duration time) throws InterruptedException;
}
