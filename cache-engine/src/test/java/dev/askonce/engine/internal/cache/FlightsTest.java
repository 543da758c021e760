package dev.askonce.engine.internal.cache;

import dev.askonce.engine.internal.base.Interleavings;
import dev.askonce.engine.spi.Hash128;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One loads, and all who wait learn how it ended. */
@Tag("interleavings")
class FlightsTest {
  private static final long LONG_NANOS = Long.MAX_VALUE / 2;

  /** Callers that ask the same at once. */
  public static class Callers {
    private final Flights flights = flights();
    private final AtomicInteger loading = new AtomicInteger();

    Flights flights() {
      return new Flights();
    }

    /** {@return how the load ended that this caller made or waited for; null if it never heard} */
    @Operation
    public Flights.Ending ask() throws InterruptedException {
      Asked asked = new Asked(new Hash128(1, 1), 0, Optional.empty(), new Hash128(2, 2));
      while (true) {
        Flights.Flight joined = flights.join(asked, other -> false);
        if (joined != null) {
          return joined.await(LONG_NANOS);
        }
        Flights.Flight led = flights.lead(asked);
        if (led != null) {
          boolean alone = loading.getAndIncrement() == 0;
          loading.decrementAndGet();
          flights.end(led, alone ? Flights.Ending.FULFILLED : Flights.Ending.FAILED);
          return alone ? Flights.Ending.FULFILLED : Flights.Ending.FAILED;
        }
      }
    }
  }

  /** Wakes who waits before it is known how it ended. */
  public static class WakesEarly extends Callers {
    @Override
    Flights flights() {
      return new Flights() {
        @Override
        void end(Flight flight, Ending ending) {
          flight.ended.countDown();
          super.end(flight, ending);
        }
      };
    }
  }

  /** Wakes nobody. */
  public static class WakesNobody extends Callers {
    @Override
    Flights flights() {
      return new Flights() {
        @Override
        void end(Flight flight, Ending ending) {
          leave(flight);
        }
      };
    }
  }

  /** Does not see, under the lock, that another of the same text has begun. */
  public static class LeadsUnasked extends Callers {
    @Override
    Flights flights() {
      AtomicInteger texts = new AtomicInteger();
      return new Flights() {
        @Override
        Flight lead(Asked asked) {
          Hash128 another = new Hash128(3, texts.incrementAndGet());
          return super.lead(new Asked(asked.scope, asked.tenant, asked.text, another));
        }
      };
    }
  }

  @Test
  void ask_anyOrder_oneLoadsAndAllLearnItsEnd() {
    Interleavings.requireRight(Callers.class);
  }

  @Test
  void ask_wakeEarlyOrMissing_isFoundOut() {
    Interleavings.requireWrong(WakesEarly.class);
    Interleavings.requireWrong(WakesNobody.class);
  }

  @Test
  void ask_twoLoads_isFoundOut() {
    Interleavings.requireWrong(LeadsUnasked.class);
  }
}
