package dev.askonce.optimizer.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * What levers did to one call, for the ledger: it walks from what was billed back to what would
 * have been, one lever after the other. Thread-safe.
 */
public final class Effects {
  /** More than this many are dropped; a call that is tried again and again may have many. */
  private static final int EFFECTS_MAX = 64;

  /** What one lever did. */
  public sealed interface Effect {
    /** {@return the name of the lever} */
    String lever();
  }

  /** Another model was asked than the caller named. The last of a lever counts. */
  public record Routed(String lever, String from, String to) implements Effect {}

  /**
   * Fewer input tokens were sent than the caller gave.
   *
   * @param tokens how many fewer; below zero where the lever added some
   */
  public record InputSaved(String lever, long tokens) implements Effect {}

  /**
   * Fewer output tokens came than would have.
   *
   * @param tokens how many fewer, an estimate by its nature
   */
  public record OutputSaved(String lever, long tokens) implements Effect {}

  /** The call was billed at the provider's batch price. */
  public record Batched(String lever) implements Effect {}

  /** A call of the lever's own, paid beside the answer: a judge, a rejected draft, an embedding. */
  public record Overhead(String lever, String model, Usage usage, ServiceTier serviceTier)
      implements Effect {
    /** A call at the standard tier. */
    public Overhead(String lever, String model, Usage usage) {
      this(lever, model, usage, ServiceTier.STANDARD);
    }
  }

  private final List<Effect> effects = new ArrayList<>(4);

  /** Notes what a lever did. */
  public synchronized void add(Effect effect) {
    if (effects.size() < EFFECTS_MAX) {
      effects.add(effect);
    }
  }

  /** {@return what was noted until now, in the order it was} */
  public synchronized List<Effect> all() {
    return List.copyOf(effects);
  }
}
