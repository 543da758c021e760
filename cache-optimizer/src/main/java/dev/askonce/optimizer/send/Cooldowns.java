package dev.askonce.optimizer.send;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which targets are left alone for a while, since they failed several times in a row or said so
 * themselves. After that time one failure more is enough, until the target has answered again.
 * Thread-safe.
 */
final class Cooldowns {
  /** Further targets are not followed: a caller's model names must not fill the memory. */
  private static final int TARGETS_MAX = 1_000;

  private record State(int failures, Instant until) {}

  private final int failuresMax;
  private final Duration time;
  private final InstantSource clock;
  private final Map<String, State> states = new ConcurrentHashMap<>();
  final LongAdder begun = new LongAdder();

  Cooldowns(int failuresMax, Duration time, InstantSource clock) {
    this.failuresMax = failuresMax;
    this.time = time;
    this.clock = clock;
  }

  boolean isCooling(String target) {
    State state = states.get(target);
    return state != null && clock.instant().isBefore(state.until());
  }

  void answered(String target) {
    // Read first: the usual case writes nothing.
    if (states.containsKey(target)) {
      states.remove(target);
    }
  }

  void failed(String target) {
    if (states.size() >= TARGETS_MAX && !states.containsKey(target)) {
      return;
    }
    states.compute(
        target,
        (key, state) -> {
          int failures = state == null ? 1 : Math.min(state.failures() + 1, failuresMax);
          return failures < failuresMax
              ? new State(failures, state == null ? Instant.MIN : state.until())
              : cooling(time);
        });
  }

  /** Takes note of a target that says itself when it will be back. */
  void told(String target, Duration wait) {
    if (states.size() < TARGETS_MAX || states.containsKey(target)) {
      states.put(target, cooling(wait.compareTo(time) < 0 ? wait : time));
    }
  }

  private State cooling(Duration length) {
    begun.increment();
    return new State(failuresMax, clock.instant().plus(length));
  }
}
