package dev.askonce.bench.fleet;

import java.util.function.Predicate;

/**
 * What was measured; a part that was not asked for is null, as JSON has it.
 *
 * @param processors of the machine, which all processes share
 * @param load of the machine in the minute before
 */
public record FleetReport(
    int processors,
    double load,
    Latency latency,
    Lookups lookups,
    Puts putsOfManyScopes,
    Puts putsOfOneScope,
    Join join,
    Calls calls) {

  /** Time from a put in one process to a hit in another, in milliseconds. */
  public record Latency(int puts, double p50Millis, double p99Millis, double maxMillis) {
    public boolean isGood() {
      return p50Millis <= 2 && p99Millis <= 20;
    }
  }

  /**
   * Lookups a second of one thread, with replication against without: medians of rounds in turn.
   */
  public record Lookups(
      int entries,
      int rounds,
      double vectorOn,
      double vectorOff,
      double vectorRatio,
      double exactOn,
      double exactOff,
      double exactRatio) {
    public boolean isGood() {
      return vectorRatio >= 0.95 && exactRatio >= 0.95;
    }
  }

  /**
   * Entries a second.
   *
   * @param publishing from the first put until all are on the server, the receiver being stopped
   * @param receiving from the receiver's going on until all are found there, the sender being idle
   * @param together from the first put until all are found, both at work
   * @param unfound of those looked for by text, and by vector, as soon as all were counted
   * @param unlinked entries of the receiver that waited to be linked then
   * @param linkSeconds until none did
   * @param queuedMax records that waited for the server
   * @param lagMillisP50 from put to arrival while both were at work
   */
  public record Puts(
      int scopes,
      int puts,
      double publishing,
      double receiving,
      double together,
      int unfound,
      long unlinked,
      double linkSeconds,
      long queuedMax,
      long lagMillisP50,
      long lagMillisP99) {
    /** One scope's writer is bounded by the engine, which has it link what waits. */
    public boolean isGood() {
      return receiving >= 10_000 && (scopes == 1 || publishing >= 10_000) && unfound == 0;
    }
  }

  /** Loading a scope into a new cache, from the first lookup in it until all is found. */
  public record Join(int entries, double seconds, int unfound, long unlinked, double linkSeconds) {
    public boolean isGood() {
      return seconds < 10 && unfound == 0;
    }
  }

  /**
   * The same questions, asked at once.
   *
   * @param uncoordinated model calls that were made without knowing what the other processes do
   */
  public record Calls(
      int processes,
      int questions,
      long asked,
      long modelCalls,
      long uncoordinated,
      long wrong,
      double seconds) {
    public boolean isGood() {
      return modelCalls == questions && wrong == 0;
    }
  }

  /** {@return whether all targets hold} */
  public boolean isGood() {
    return holds(latency, Latency::isGood)
        && holds(lookups, Lookups::isGood)
        && holds(putsOfManyScopes, Puts::isGood)
        && holds(putsOfOneScope, Puts::isGood)
        && holds(join, Join::isGood)
        && holds(calls, Calls::isGood);
  }

  private static <T> boolean holds(T part, Predicate<T> target) {
    return part == null || target.test(part);
  }
}
