package dev.askonce.bench.powerloss;

import dev.askonce.engine.Answer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each text of each scope may answer, and which must, whatever is lost. Changed before an
 * operation for what it may do, and after it for what it has done.
 */
final class Expected {
  /** A text of a scope. */
  record Key(int tenant, int question) {}

  private final Map<Key, List<Answer>> may;
  private final Map<Key, List<Answer>> ever;
  private final Set<Key> must;

  Expected() {
    this(new HashMap<>(), new HashMap<>(), new HashSet<>());
  }

  private Expected(Map<Key, List<Answer>> may, Map<Key, List<Answer>> ever, Set<Key> must) {
    this.may = may;
    this.ever = ever;
    this.must = must;
  }

  /** {@return what is expected now, to be kept} */
  Expected copy() {
    return new Expected(copy(may), copy(ever), new HashSet<>(must));
  }

  private static Map<Key, List<Answer>> copy(Map<Key, List<Answer>> of) {
    Map<Key, List<Answer>> copy = new HashMap<>();
    of.forEach((key, answers) -> copy.put(key, List.copyOf(answers)));
    return copy;
  }

  /** An answer is about to be stored: it may be there or not, and so may the one before it. */
  void putting(Key key, Answer answer) {
    may.computeIfAbsent(key, k -> new ArrayList<>()).add(answer);
    ever.computeIfAbsent(key, k -> new ArrayList<>()).add(answer);
    must.remove(key);
  }

  void invalidating(Collection<Key> keys) {
    must.removeAll(keys);
  }

  /** An invalidation has returned: nothing stored before may ever come back. */
  void invalidated(Collection<Key> keys) {
    keys.forEach(may::remove);
  }

  /** The store was closed in order: what it held must be kept, and nothing else may be there. */
  void closed(Map<Key, Answer> live) {
    must.addAll(live.keySet());
  }

  List<Answer> mayAnswer(Key key) {
    return may.getOrDefault(key, List.of());
  }

  /** {@return whether an answer was stored for this text at any time} */
  boolean wasStored(Key key, Answer answer) {
    return ever.getOrDefault(key, List.of()).contains(answer);
  }

  boolean mustAnswer(Key key) {
    return must.contains(key);
  }

  Set<Key> keys() {
    return ever.keySet();
  }
}
