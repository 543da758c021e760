package dev.askonce.text;

import java.util.Arrays;
import java.util.Map;

/**
 * The vocabulary of word pieces, arranged so that the longest piece at a place in a word is found
 * in one walk over its characters. Immutable and thread-safe.
 */
final class PieceTrie {
  /* Edges live in one open-addressing table of longs:
   *
   *   edge = source node (20 bits) | character (16 bits) | target node (20 bits), 0 = free
   *
   * Targets start at 2, so no edge is 0. The usual longest-first search hashes a substring per
   * length tried; here a piece of n characters costs n probes and no object.
   */

  /** Where a word starts. */
  static final int WORD = 0;

  /** Where a word goes on: pieces written with the continuation prefix. */
  static final int CONTINUATION = 1;

  /** No piece starts here. */
  static final long NONE = -1;

  private static final int NODE_BITS = 20;
  private static final int NODES_MAX = 1 << NODE_BITS;
  private static final int NODE_MASK = NODES_MAX - 1;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio

  private final long[] edges;
  private final int shift;
  private int[] idOfNode;
  private int nodeCount = 2;

  /**
   * @param ids the pieces with their ids
   * @param continuationPrefix what marks a piece that goes on with a word
   */
  PieceTrie(Map<String, Integer> ids, String continuationPrefix) {
    int chars = ids.keySet().stream().mapToInt(String::length).sum();
    int bits = 64 - Long.numberOfLeadingZeros(chars);
    edges = new long[1 << bits];
    shift = 64 - bits;
    idOfNode = new int[Math.min(chars + 2, NODES_MAX)];
    Arrays.fill(idOfNode, -1);
    ids.forEach(
        (piece, id) -> {
          boolean continues = piece.startsWith(continuationPrefix);
          int from = continues ? continuationPrefix.length() : 0;
          insert(piece, from, continues ? CONTINUATION : WORD, id);
        });
    idOfNode = Arrays.copyOf(idOfNode, nodeCount);
  }

  /**
   * {@return the longest piece that starts at {@code from}, for {@link #length} and {@link #id}, or
   * {@link #NONE}}
   *
   * @param root {@link #WORD} or {@link #CONTINUATION}
   */
  long longest(char[] word, int from, int to, int root) {
    long best = NONE;
    int node = root;
    for (int i = from; i < to; i++) {
      long edge = edges[place(node, word[i])];
      if (edge == 0) {
        break;
      }
      node = (int) edge & NODE_MASK;
      int id = idOfNode[node];
      if (id >= 0) {
        best = (long) (i + 1 - from) << Integer.SIZE | id;
      }
    }
    return best;
  }

  static int length(long piece) {
    return (int) (piece >>> Integer.SIZE);
  }

  static int id(long piece) {
    return (int) piece;
  }

  private void insert(String piece, int from, int root, int id) {
    int node = root;
    for (int i = from; i < piece.length(); i++) {
      int place = place(node, piece.charAt(i));
      if (edges[place] == 0) {
        if (nodeCount == NODES_MAX) {
          throw new ModelException("vocabulary needs more than " + NODES_MAX + " trie nodes");
        }
        edges[place] = label(node, piece.charAt(i)) << NODE_BITS | nodeCount++;
      }
      node = (int) edges[place] & NODE_MASK;
    }
    idOfNode[node] = id;
  }

  /** {@return the place of an edge in the table, or the free one where it would go} */
  private int place(int node, char c) {
    long label = label(node, c);
    int mask = edges.length - 1;
    int place = (int) (label * SPREAD >>> shift);
    while (edges[place] != 0 && edges[place] >>> NODE_BITS != label) {
      place = place + 1 & mask;
    }
    return place;
  }

  private static long label(int node, char c) {
    return (long) node << Character.SIZE | c;
  }
}
