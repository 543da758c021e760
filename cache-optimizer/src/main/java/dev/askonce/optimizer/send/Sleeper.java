package dev.askonce.optimizer.send;

import java.time.Duration;

/** Waits; a test's does not. */
@FunctionalInterface
public interface Sleeper {
  Sleeper SYSTEM = Thread::sleep;

  void sleep(Duration time) throws InterruptedException;
}
