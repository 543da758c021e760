package dev.askonce.engine.internal.cache;

import dev.askonce.engine.Answer;
import dev.askonce.engine.EntryId;
import dev.askonce.engine.LoadTicket;
import dev.askonce.engine.Lookup;
import dev.askonce.engine.LookupOptions;
import dev.askonce.engine.PutOptions;
import dev.askonce.engine.spi.LoadLease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link LoadTicket} of a {@link LocalSemanticCache}. */
final class LocalLoadTicket implements LoadTicket {
  /** Longer waits overflow the nanosecond clock. */
  private static final long TIMEOUT_NANOS_MAX = Long.MAX_VALUE / 2;

  private final LocalSemanticCache cache;
  private final Flights flights;
  private final Asked asked;
  private final LookupOptions options;
  private Lookup lookup;
  private Role role;

  /** The flight that this caller leads or follows; null for the other roles. */
  private Flights.Flight flight;

  /**
   * What was asked of other caches by the leader of a flight; null for others. Where another cache
   * loads, this caller's role is {@link Role#FOLLOWER}, although it leads its flight.
   */
  private LoadLease lease;

  LocalLoadTicket(
      LocalSemanticCache cache,
      Flights flights,
      Asked asked,
      LookupOptions options,
      Lookup lookup,
      long versionBefore) {
    this.cache = cache;
    this.flights = flights;
    this.asked = asked;
    this.options = options;
    this.lookup = lookup;
    if (lookup.isHit()) {
      role = Role.HIT;
    } else if (lookup.withheld().isPresent()) {
      role = Role.ALONE;
    } else {
      joinOrLead(versionBefore);
    }
  }

  /**
   * Follows a load under way, or begins one. A load that ended between the lookup and now is
   * noticed by the cache's version: then the lookup is made again before a model is asked.
   */
  private void joinOrLead(long versionBefore) {
    while (true) {
      flight = flights.join(asked, other -> cache.isNear(asked, options, other.asked));
      if (flight != null) {
        role = Role.FOLLOWER;
        return;
      }
      flight = flights.lead(asked);
      if (flight != null) {
        role = Role.LEADER;
        if (cache.version() != versionBefore) {
          lookAgain();
        }
        if (role == Role.LEADER) {
          askOthers(versionBefore);
        }
        return;
      }
    }
  }

  /**
   * Leads here: may this cache load, or does another one? One that was done before we asked leaves
   * the right to us, and its answer, which came after our lookup.
   */
  private void askOthers(long versionBefore) {
    lease = cache.lead(asked);
    role = lease.leads() ? Role.LEADER : Role.FOLLOWER;
    if (role == Role.LEADER && lease != LoadLease.UNSHARED && cache.version() != versionBefore) {
      lookAgain();
    }
  }

  private void lookAgain() {
    try {
      Lookup again = cache.find(asked, options);
      if (again.isHit()) {
        end(Flights.Ending.FULFILLED, false);
        hit(again);
      } else if (again.withheld().isPresent()) {
        lookup = again;
        end(Flights.Ending.DECLINED);
      }
    } catch (RuntimeException e) {
      end(Flights.Ending.FAILED);
      throw e;
    }
  }

  private void hit(Lookup found) {
    lookup = found;
    flight = null;
    role = Role.HIT;
    cache.countLate(options, found);
  }

  @Override
  public Role role() {
    return role;
  }

  @Override
  public Lookup lookup() {
    return lookup;
  }

  @Override
  public Optional<EntryId> fulfil(Answer answer, PutOptions putOptions) {
    requireMayLoad();
    boolean stored = false;
    try {
      Optional<EntryId> entry = cache.put(asked, answer, putOptions);
      stored = entry.isPresent();
      lookup.withheld().ifPresent(hit -> cache.check(asked, options, hit, answer));
      return entry;
    } finally {
      end(stored ? Flights.Ending.FULFILLED : Flights.Ending.DECLINED);
    }
  }

  @Override
  public void decline() {
    requireMayLoad();
    end(Flights.Ending.DECLINED);
  }

  @Override
  public void fail() {
    requireMayLoad();
    end(Flights.Ending.FAILED);
  }

  private void requireMayLoad() {
    if (role != Role.LEADER && role != Role.ALONE) {
      throw new IllegalStateException("a ticket of role " + role + " loads nothing");
    }
  }

  private void end(Flights.Ending ending) {
    end(ending, ending == Flights.Ending.FULFILLED);
  }

  /**
   * @param stored whether by this ticket: others wait for what it put until that is told to them
   */
  private void end(Flights.Ending ending, boolean stored) {
    if (lease != null) {
      lease.release(stored);
    }
    if (flight != null && (role == Role.LEADER || lease != null)) {
      flights.end(flight, ending);
    }
    lease = null;
    flight = null;
    role = Role.ALONE;
  }

  @Override
  public Role await(Duration timeout) {
    long nanos = Math.min(TimeUnit.NANOSECONDS.convert(timeout), TIMEOUT_NANOS_MAX);
    long deadline = System.nanoTime() + nanos;
    try {
      while (role == Role.FOLLOWER) {
        if (lease != null) {
          awaitOthers(deadline - System.nanoTime());
          continue;
        }
        Flights.Ending ending = flight.await(deadline - System.nanoTime());
        long version = cache.version();
        if (ending == null || ending == Flights.Ending.DECLINED) {
          alone();
        } else {
          Lookup again = ending == Flights.Ending.FULFILLED ? cache.find(asked, options) : lookup;
          if (again.isHit()) {
            hit(again);
          } else if (again.withheld().isPresent()) {
            lookup = again;
            alone();
          } else {
            joinOrLead(version);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      alone();
    }
    return role;
  }

  /** Waits once for another cache's load. */
  private void awaitOthers(long nanos) throws InterruptedException {
    if (!lease.await(nanos)) {
      alone();
      return;
    }
    long version = cache.version();
    lookAgain();
    if (role == Role.FOLLOWER) {
      askOthers(version);
    }
  }

  private void alone() {
    if (lease != null) {
      // Whoever follows here may wait longer.
      end(Flights.Ending.FAILED);
    }
    flight = null;
    role = Role.ALONE;
  }

  @Override
  public void close() {
    if (role == Role.LEADER || lease != null) {
      end(Flights.Ending.FAILED);
    }
  }
}
