package dev.askonce.openai.standin;

import java.time.Duration;

/** Waits, or only says that it would. */
@FunctionalInterface
public interface Sleeper {
  /** Returns when the time is over, or when the server should go on. */
  void sleep(Duration time) throws InterruptedException;
}
