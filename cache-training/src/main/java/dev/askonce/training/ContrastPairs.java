package dev.askonce.training;

import dev.askonce.training.Rewrites.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Further pairs made of the training pairs by rule, since duplicates that people marked seldom
 * differ in a number, a name, a negation or the order of the words alone: half of them with such a
 * difference and label 0, half with a harmless one and label 1, so that two nearly equal texts are
 * no sign of either.
 */
final class ContrastPairs {
  private final Rewrites rewrites;
  private final Random random;
  private final Set<Pair> made = new HashSet<>();
  private final Map<Change, Integer> counts = new EnumMap<>(Change.class);

  private ContrastPairs(List<String> texts, Random random) {
    rewrites = new Rewrites(texts, random);
    this.random = random;
  }

  /**
   * {@return about so many new pairs, fewer where the rules fit too few texts}
   *
   * @param count a multiple of twice the number of changes is reached exactly
   */
  static List<Pair> of(List<Pair> pairs, int count, long seed) {
    List<String> texts = new ArrayList<>();
    pairs.forEach(pair -> Collections.addAll(texts, pair.a(), pair.b()));
    Random random = new Random(seed);
    ContrastPairs contrast = new ContrastPairs(texts, random);
    List<Pair> order = new ArrayList<>(pairs);
    Collections.shuffle(order, random);
    contrast.addChanged(order, count / 2 / Change.values().length);
    int target = 2 * contrast.made.size();
    contrast.addReworded(order, target);
    List<Pair> result = new ArrayList<>(contrast.made);
    result.sort((x, y) -> (x.a() + x.b()).compareTo(y.a() + y.b()));
    return result;
  }

  private void addChanged(List<Pair> pairs, int countOfEach) {
    for (Pair pair : pairs) {
      for (Change change : Change.values()) {
        if (counts.getOrDefault(change, 0) < countOfEach) {
          // Half of them against the other text of a true pair: not only one word differs then.
          String other = pair.label() == 1 && random.nextBoolean() ? pair.b() : pair.a();
          boolean inBoth = other.equals(pair.a()) || rewrites.changed(other, change).isPresent();
          rewrites
              .changed(pair.a(), change)
              .filter(text -> inBoth)
              .ifPresent(
                  text -> {
                    made.add(pair(text, other, 0));
                    counts.merge(change, 1, Integer::sum);
                  });
        }
      }
    }
  }

  private void addReworded(List<Pair> pairs, int target) {
    for (Pair pair : pairs) {
      if (made.size() >= target) {
        return;
      }
      List<String> shared = pair.label() == 1 ? Rewrites.shared(pair.a(), pair.b()) : List.of();
      if (!shared.isEmpty() && random.nextBoolean()) {
        // The same name or number for another in both texts: still one answer.
        String from = shared.get(random.nextInt(shared.size()));
        String to = rewrites.other(from);
        made.add(
            pair(Rewrites.replaced(pair.a(), from, to), Rewrites.replaced(pair.b(), from, to), 1));
      } else {
        String other = pair.label() == 1 && random.nextBoolean() ? pair.b() : pair.a();
        rewrites.reworded(pair.a()).ifPresent(text -> made.add(pair(text, other, 1)));
      }
    }
  }

  private Pair pair(String a, String b, int label) {
    return random.nextBoolean() ? new Pair(a, b, label) : new Pair(b, a, label);
  }
}
