package dev.askonce.bench.replication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All that callers put and removed, one call after another, and what may be answered for it.
 *
 * <p>Versions are times in milliseconds, raised where one replaces another: of two calls that were
 * less than {@link #MARGIN_NANOS} apart in two caches, either may win.
 */
final class History {
  /** More than versions are raised ahead of the clock at a few hundred calls a second. */
  static final long MARGIN_NANOS = 250_000_000;

  /**
   * What is asked.
   *
   * @param tag of its entries
   */
  record Question(int scope, String text, String tag) {}

  /** What was put. */
  private static final class Put {
    final long beganNanos;
    long endedNanos;

    /** Caches that answered with it, or where it was put. */
    final Set<Integer> seen = new HashSet<>();

    /** Caches that removed it after. */
    final Set<Integer> removed = new HashSet<>();

    boolean isRemoved;

    Put(long beganNanos, int cache) {
      this.beganNanos = beganNanos;
      seen.add(cache);
    }
  }

  private final Map<Question, Map<String, Put>> puts = new HashMap<>();
  private final Map<Question, List<String>> order = new HashMap<>();

  /** Notes a put before its call. */
  void putting(Question question, String answer, int cache) {
    puts.computeIfAbsent(question, q -> new HashMap<>())
        .put(answer, new Put(System.nanoTime(), cache));
    order.computeIfAbsent(question, q -> new ArrayList<>()).add(answer);
  }

  /** Notes that the call returned. */
  void put(Question question, String answer) {
    puts.get(question).get(answer).endedNanos = System.nanoTime();
  }

  /** Notes a removal whose call began and has returned. */
  void removed(Predicate<Question> matches, int cache, long beganNanos) {
    puts.forEach(
        (question, answers) -> {
          if (matches.test(question)) {
            answers.values().forEach(put -> removed(put, cache, beganNanos));
          }
        });
  }

  private static void removed(Put put, int cache, long beganNanos) {
    put.isRemoved |= put.beganNanos < beganNanos + MARGIN_NANOS;
    if (put.seen.contains(cache) || put.endedNanos + MARGIN_NANOS < beganNanos) {
      put.removed.add(cache);
    }
  }

  /** {@return why an answer is wrong, or empty if it is not} */
  Optional<String> wrong(Question question, String answer, int cache) {
    Put put = puts.getOrDefault(question, Map.of()).get(answer);
    if (put == null) {
      return Optional.of(
          question + " is answered " + answer + ", which was never put or gone everywhere");
    }
    if (put.removed.contains(cache)) {
      return Optional.of(
          question + " is answered " + answer + " by cache " + cache + ", which had removed it");
    }
    put.seen.add(cache);
    return Optional.empty();
  }

  /** {@return why an answer that all caches agree on is not what must be left, or empty} */
  Optional<String> lost(Question question, Optional<String> answer) {
    List<String> all = order.getOrDefault(question, List.of());
    if (all.isEmpty()) {
      return Optional.empty();
    }
    String last = all.getLast();
    Put newest = puts.get(question).get(last);
    if (newest.isRemoved || answer.equals(Optional.of(last))) {
      return Optional.empty();
    }
    boolean isClose =
        answer
            .map(puts.get(question)::get)
            .map(put -> newest.beganNanos - put.endedNanos < MARGIN_NANOS)
            .orElse(false);
    return isClose
        ? Optional.empty()
        : Optional.of(question + " is answered " + answer + " where " + last + " was put last");
  }

  /**
   * Notes what all caches answer, once everything that was put has reached them all: whatever else
   * was put before cannot come again, and is as if it had never been put.
   */
  void settled(Question question, Optional<String> answer) {
    order.computeIfAbsent(question, q -> new ArrayList<>()).retainAll(answer.stream().toList());
    puts.computeIfAbsent(question, q -> new HashMap<>())
        .keySet()
        .retainAll(answer.stream().toList());
  }

  Set<Question> questions() {
    return puts.keySet();
  }
}
