package dev.askonce.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Pairs to train on and pairs to measure with, without a question in common: questions that occur
 * in one pair are on the same side, and so, step by step, are all that hang together.
 */
record Split(List<Pair> training, List<Pair> heldOut) {
  /**
   * @param heldOutShare the share of the pairs to hold out, 0 to 1; reached to within one group
   */
  static Split byQuestion(List<Pair> pairs, double heldOutShare, long seed) {
    List<List<Pair>> groups = groups(pairs);
    Collections.shuffle(groups, new Random(seed));
    List<Pair> training = new ArrayList<>();
    List<Pair> heldOut = new ArrayList<>();
    for (List<Pair> group : groups) {
      boolean holdOut = heldOut.size() + group.size() <= heldOutShare * pairs.size();
      (holdOut ? heldOut : training).addAll(group);
    }
    return new Split(training, heldOut);
  }

  /** {@return the connected components, each question an edge's end} */
  static List<List<Pair>> groups(List<Pair> pairs) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] parents = new int[2 * pairs.size()];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = i;
    }
    for (Pair pair : pairs) {
      int a = root(parents, numbers.computeIfAbsent(pair.a(), text -> numbers.size()));
      int b = root(parents, numbers.computeIfAbsent(pair.b(), text -> numbers.size()));
      parents[a] = b;
    }
    Map<Integer, List<Pair>> groups = new java.util.LinkedHashMap<>();
    for (Pair pair : pairs) {
      int group = root(parents, numbers.get(pair.a()));
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(pair);
    }
    return new ArrayList<>(groups.values());
  }

  private static int root(int[] parents, int node) {
    int root = node;
    while (parents[root] != root) {
      root = parents[root];
    }
    parents[node] = root;
    return root;
  }
}
