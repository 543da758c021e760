package dev.askonce.bench.evict;

import java.util.Locale;

/** Who may be asked to evict. */
public enum Contender {
  /** The engine's own. */
  VALUE,
  W_TINYLFU,
  LRU,
  CLOCK,
  LFU,
  LFU_AGEING,
  /** The only other one that looks at cost. */
  GDSF;

  /** {@return the name in rows} */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Policy policy(Requests requests, Budget budget, long seed) {
    return switch (this) {
      case VALUE -> new ValuePolicy(requests, budget, seed);
      case W_TINYLFU -> new TinyLfuPolicy(requests, budget);
      case LRU -> new LruPolicy(requests, budget);
      case CLOCK -> new ClockPolicy(requests, budget);
      case LFU -> new LfuPolicy(requests, budget, LfuPolicy.Kind.LFU);
      case LFU_AGEING -> new LfuPolicy(requests, budget, LfuPolicy.Kind.AGEING);
      case GDSF -> new LfuPolicy(requests, budget, LfuPolicy.Kind.GREEDY_DUAL);
    };
  }
}
