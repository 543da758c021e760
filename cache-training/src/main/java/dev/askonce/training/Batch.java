package dev.askonce.training;

import dev.askonce.text.PairTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Pairs that go through the network together, filled up to the longest.
 *
 * @param width tokens of every row
 * @param ids {@code rows × width} token ids, 0 where a row is filled up
 * @param types {@code rows × width} token types: 0 for the first text, 1 for the second
 * @param bias {@code rows × width} what is added to the attention that a token gets: 0, or a large
 *     negative number where a row is filled up
 * @param shares {@code rows × 2 × width} what each token counts in the mean of the first text and
 *     in that of the second
 * @param labels one a row
 */
record Batch(
    int rows, int width, long[] ids, long[] types, float[] bias, float[] shares, float[] labels) {
  /** A pair in tokens. */
  record Example(PairTokens tokens, int label) {}

  private static final float HIDDEN = -1e4f;

  /** Batches among which examples are sorted by length, so that little is filled up. */
  private static final int SORTED_BATCHES = 40;

  static Batch of(List<Example> examples) {
    int rows = examples.size();
    int width = examples.stream().mapToInt(Batch::length).max().orElseThrow();
    long[] ids = new long[rows * width];
    long[] types = new long[rows * width];
    float[] bias = new float[rows * width];
    float[] shares = new float[rows * 2 * width];
    float[] labels = new float[rows];
    for (int row = 0; row < rows; row++) {
      Example example = examples.get(row);
      labels[row] = example.label;
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        boolean filled = i >= length(example);
        ids[at] = filled ? 0 : example.tokens.ids()[i];
        types[at] = !filled && i >= example.tokens.secondStart() ? 1 : 0;
        bias[at] = filled ? HIDDEN : 0;
        int second = example.tokens.secondStart();
        int text = i < second ? 0 : 1;
        int count = text == 0 ? second : length(example) - second;
        shares[(row * 2 + text) * width + i] = filled ? 0 : 1f / count;
      }
    }
    return new Batch(rows, width, ids, types, bias, shares, labels);
  }

  /** {@return all examples in random order, in batches of nearly equal length} */
  static List<Batch> shuffled(List<Example> examples, int rows, Random random) {
    List<Example> order = new ArrayList<>(examples);
    Collections.shuffle(order, random);
    List<Batch> batches = new ArrayList<>();
    int chunk = rows * SORTED_BATCHES;
    for (int from = 0; from < order.size(); from += chunk) {
      List<Example> sorted = order.subList(from, Math.min(from + chunk, order.size()));
      sorted.sort(Comparator.comparingInt(Batch::length));
      for (int i = 0; i < sorted.size(); i += rows) {
        batches.add(of(sorted.subList(i, Math.min(i + rows, sorted.size()))));
      }
    }
    Collections.shuffle(batches, random);
    return batches;
  }

  private static int length(Example example) {
    return example.tokens.ids().length;
  }
}
