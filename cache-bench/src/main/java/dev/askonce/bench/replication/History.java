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

  /** How late a cache may be that reads a log after all faults. */
  static final long LATE_NANOS_MAX = 60_000_000_000L;

  /**
   * What is asked.
   *
   * @param tag of its entries
   */
  record Question(int scope, String text, String tag) {
    String answer(long number) {
      return scope + "/" + text + "/" + number;
    }

    boolean isOf(String answer) {
      return answer.startsWith(scope + "/" + text + "/");
    }
  }

  /** What was put. */
  private static final class Put {
    final long beganNanos;
    long endedNanos;

    /** Caches that answered with it, or where it was put. */
    final Set<Integer> seen = new HashSet<>();

    /** Caches that removed it after. */
    final Set<Integer> removed = new HashSet<>();

    boolean isRemoved;

    /** All caches have agreed on another answer since, or on none. */
    boolean isGone;

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
      return wrong(question, answer, "cache " + cache, "was never put, or gone for long");
    }
    if (put.removed.contains(cache)) {
      return wrong(question, answer, "cache " + cache, "it had removed");
    }
    put.seen.add(cache);
    return Optional.empty();
  }

  /**
   * {@return why an answer of a cache that was empty is wrong, or empty if it is not}
   *
   * @param isWhole whether the servers can only lose all that they have at once: what was removed
   *     and the removal
   */
  Optional<String> wrongToNewcomer(Question question, String answer, boolean isWhole) {
    Put put = puts.getOrDefault(question, Map.of()).get(answer);
    boolean isWrong = isWhole ? put == null || put.isGone : !question.isOf(answer);
    return isWrong
        ? wrong(question, answer, "one that had nothing", "was never put, or gone everywhere")
        : Optional.empty();
  }

  private static Optional<String> wrong(Question question, String answer, String by, String why) {
    return Optional.of(question + " is answered " + answer + " by " + by + ", which " + why);
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
   * Notes what all caches answer, once everything that was put has reached them all. Whatever else
   * was put before cannot come again, but for a moment to who reads the log late; what was put long
   * before is as if it had never been.
   */
  void settled(Question question, Optional<String> answer) {
    Map<String, Put> all = puts.getOrDefault(question, Map.of());
    long now = System.nanoTime();
    all.forEach((text, put) -> put.isGone = !answer.equals(Optional.of(text)));
    all.values().removeIf(put -> put.isGone && now - put.endedNanos > LATE_NANOS_MAX);
    order.getOrDefault(question, List.of()).retainAll(all.keySet());
  }

  Set<Question> questions() {
    return puts.keySet();
  }
}
