package dev.askonce.optimizer.compress.select;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The pieces of a context and how much speaks for each: what any budget is cut from. Immutable. */
public final class Ranking {
  private final List<Passage> passages;
  private final List<Piece> pieces;
  private final boolean embedded;

  /** By share, greatest first; what must stay before all others. */
  private final int[] best;

  Ranking(List<Passage> passages, List<Piece> pieces, boolean embedded) {
    this.passages = List.copyOf(passages);
    this.pieces = List.copyOf(pieces);
    this.embedded = embedded;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparing((Integer i) -> !pieces.get(i).must())
            .thenComparing(i -> -pieces.get(i).share()));
    best = order.stream().mapToInt(Integer::intValue).toArray();
  }

  /** {@return all pieces in the order of the context} */
  public List<Piece> pieces() {
    return pieces;
  }

  /**
   * {@return the same pieces with other shares, to compare with}
   *
   * @param shares one for each piece, in their order
   */
  public Ranking with(double[] shares) {
    List<Piece> changed = new ArrayList<>(shares.length);
    for (int i = 0; i < shares.length; i++) {
      changed.add(pieces.get(i).share(shares[i]));
    }
    return new Ranking(passages, changed, false);
  }

  /** {@return whether the embedder took part; without it words alone decide} */
  public boolean embedded() {
    return embedded;
  }

  /** {@return what stays within a budget} */
  public Selection take(Budget budget) {
    return switch (budget) {
      case Budget.Tokens tokens -> within(tokens.tokensMax());
      case Budget.Share share -> within((long) (share.shareMax() * tokens()));
      case Budget.Evidence evidence -> until(evidence.evidenceMin());
    };
  }

  private long tokens() {
    return pieces.stream().mapToLong(Piece::tokens).sum();
  }

  /** The best first, and what is too long for the rest of the budget is passed over. */
  private Selection within(long tokensMax) {
    BitSet kept = new BitSet(pieces.size());
    long used = 0;
    for (int i : best) {
      long tokens = kept.get(i) ? 0 : pieces.get(i).tokens();
      int end = boundEnd(i);
      for (int j = i + 1; j < end; j++) {
        tokens += kept.get(j) ? 0 : pieces.get(j).tokens();
      }
      if (kept.isEmpty() || pieces.get(i).must() || used + tokens <= tokensMax) {
        kept.set(i, end);
        used += tokens;
      }
    }
    return selection(kept);
  }

  private Selection until(double evidenceMin) {
    BitSet kept = new BitSet(pieces.size());
    double sum = 0;
    for (int i : best) {
      if (!kept.isEmpty() && !pieces.get(i).must() && evidenceMin < 1 && sum >= evidenceMin) {
        break;
      }
      kept.set(i, boundEnd(i));
      sum += pieces.get(i).share();
    }
    return selection(kept);
  }

  /** {@return the piece behind those that stay where this one does} */
  private int boundEnd(int i) {
    int end = i + 1;
    while (end < pieces.size()
        && pieces.get(end).bound()
        && pieces.get(end).passage() == pieces.get(i).passage()) {
      end++;
    }
    return end;
  }

  private Selection selection(BitSet kept) {
    List<Piece> list = new ArrayList<>(kept.cardinality());
    kept.stream().forEach(i -> list.add(pieces.get(i)));
    return new Selection(passages, Collections.unmodifiableList(list));
  }
}
