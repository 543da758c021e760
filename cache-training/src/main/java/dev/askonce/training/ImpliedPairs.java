package dev.askonce.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Pairs that labelled pairs imply: what serves one of two duplicates serves the other. With {@code
 * a = b} and {@code b = c} comes {@code a = c}; with {@code a = b} and {@code b ≠ c} comes {@code a
 * ≠ c}. Where labels contradict each other nothing is taken from them.
 */
final class ImpliedPairs {
  private final List<Pair> pairs;
  private final Map<String, Set<String>> same = new HashMap<>();
  private final Set<Set<String>> known = new HashSet<>();

  private ImpliedPairs(List<Pair> pairs) {
    this.pairs = pairs;
    for (Pair pair : pairs) {
      known.add(Set.of(pair.a(), pair.b() + (pair.a().equals(pair.b()) ? " " : "")));
      if (pair.label() == 1) {
        same.computeIfAbsent(pair.a(), key -> new HashSet<>()).add(pair.b());
        same.computeIfAbsent(pair.b(), key -> new HashSet<>()).add(pair.a());
      }
    }
  }

  /**
   * {@return up to so many, chosen by chance, each label as often as the other if there are enough}
   */
  static List<Pair> of(List<Pair> pairs, int countMax, long seed) {
    ImpliedPairs implied = new ImpliedPairs(pairs);
    List<Pair> result = new ArrayList<>();
    for (int label = 0; label <= 1; label++) {
      List<Pair> found = new ArrayList<>(implied.found(label));
      found.sort((x, y) -> (x.a() + '\n' + x.b()).compareTo(y.a() + '\n' + y.b()));
      Collections.shuffle(found, new Random(seed));
      result.addAll(found.subList(0, Math.min(countMax / 2, found.size())));
    }
    return result;
  }

  private Set<Pair> found(int label) {
    Set<Pair> found = new HashSet<>();
    for (Pair pair : pairs) {
      if (pair.label() == label) {
        same.getOrDefault(pair.a(), Set.of()).forEach(other -> add(found, other, pair.b(), label));
        same.getOrDefault(pair.b(), Set.of()).forEach(other -> add(found, pair.a(), other, label));
      }
    }
    return found;
  }

  private void add(Set<Pair> found, String a, String b, int label) {
    if (!a.equals(b) && !known.contains(Set.of(a, b))) {
      boolean contradicted =
          label == 0
              && same.getOrDefault(a, Set.of()).stream()
                  .anyMatch(same.getOrDefault(b, Set.of())::contains);
      if (!contradicted) {
        found.add(a.compareTo(b) < 0 ? new Pair(a, b, label) : new Pair(b, a, label));
      }
    }
  }
}
