package dev.askonce.engine.internal.cache;

import dev.askonce.engine.spi.Hash128;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The loads under way, by scope: who is asking a model what right now. */
class Flights {
  enum Ending {
    FULFILLED,
    DECLINED,
    FAILED
  }

  /** One load: what was asked, and how it ended once it has. */
  static final class Flight {
    final Asked asked;
    final CountDownLatch ended = new CountDownLatch(1);
    private volatile Ending ending;

    private Flight(Asked asked) {
      this.asked = asked;
    }

    /** {@return how it ended, or null if it did not within the time} */
    Ending await(long nanos) throws InterruptedException {
      return ended.await(nanos, TimeUnit.NANOSECONDS) ? ending : null;
    }
  }

  private final Map<Hash128, List<Flight>> byScope = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Joins a flight whose question is the same, or near enough.
   *
   * @param near decides on a flight with another text; called without a lock, so it may take its
   *     time
   * @return a flight of another caller, or null: then {@link #lead} is to be tried
   */
  Flight join(Asked asked, Predicate<Flight> near) {
    List<Flight> flights;
    lock.lock();
    try {
      flights = List.copyOf(byScope.getOrDefault(asked.scope, List.of()));
    } finally {
      lock.unlock();
    }
    for (Flight flight : flights) {
      if (isSameText(flight, asked) || near.test(flight)) {
        return flight;
      }
    }
    return null;
  }

  /** {@return a new flight of the caller's, or null if one of the same text has just begun} */
  Flight lead(Asked asked) {
    lock.lock();
    try {
      List<Flight> flights = byScope.computeIfAbsent(asked.scope, scope -> new ArrayList<>(1));
      for (Flight flight : flights) {
        if (isSameText(flight, asked)) {
          return null;
        }
      }
      Flight flight = new Flight(asked);
      flights.add(flight);
      return flight;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isSameText(Flight flight, Asked asked) {
    return flight.asked.textHash.equals(asked.textHash);
  }

  /** Ends a flight and wakes its followers. */
  void end(Flight flight, Ending ending) {
    leave(flight);
    flight.ending = ending;
    flight.ended.countDown();
  }

  /** Nobody joins a flight from now on. */
  void leave(Flight flight) {
    lock.lock();
    try {
      List<Flight> flights = byScope.get(flight.asked.scope);
      flights.remove(flight);
      if (flights.isEmpty()) {
        byScope.remove(flight.asked.scope);
      }
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return byScope.values().stream().mapToInt(List::size).sum();
    } finally {
      lock.unlock();
    }
  }
}
