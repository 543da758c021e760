package dev.askonce.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * What a lookup found: a hit, or the reason for a miss. Immutable.
 *
 * <p>On a miss {@link #bestCosine()} is the raw cosine of the nearest live entry that the search
 * saw above the policy's floor, or NaN where it saw none: how near the miss was.
 */
public final class Lookup {
  private final Hit hit;
  private final MissReason missReason;
  private final String refusal;
  private final float bestCosine;
  private final Withheld withheld;

  private Lookup(
      Hit hit, MissReason missReason, String refusal, float bestCosine, Withheld withheld) {
    this.hit = hit;
    this.missReason = missReason;
    this.refusal = refusal;
    this.bestCosine = bestCosine;
    this.withheld = withheld;
  }

  /** {@return the lookup that found {@code hit}} */
  public static Lookup hit(Hit hit) {
    return new Lookup(Objects.requireNonNull(hit), null, null, hit.cosine(), null);
  }

  /** {@return a miss without candidates} */
  public static Lookup miss(MissReason reason) {
    return new Lookup(null, Objects.requireNonNull(reason), null, Float.NaN, null);
  }

  /** {@return a miss after candidates were judged; {@code refusal} is the nearest one's reason} */
  public static Lookup refused(MissReason reason, String refusal, float bestCosine) {
    return new Lookup(null, Objects.requireNonNull(reason), refusal, bestCosine, null);
  }

  /** {@return a miss although there is a hit, which is not served} */
  public static Lookup withheld(MissReason reason, Withheld withheld) {
    return new Lookup(
        null, Objects.requireNonNull(reason), null, withheld.hit().cosine(), withheld);
  }

  public boolean isHit() {
    return hit != null;
  }

  public Optional<Hit> hit() {
    return Optional.ofNullable(hit);
  }

  /** {@return the answer of the hit, if it is one} */
  public Optional<Answer> answer() {
    return hit == null ? Optional.empty() : Optional.of(hit.answer());
  }

  /** {@return why this is a miss; empty for a hit} */
  public Optional<MissReason> missReason() {
    return Optional.ofNullable(missReason);
  }

  /** {@return the decision stage's reason code for the nearest refused candidate} */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** {@return the hit that was not served, if this is a miss for that reason} */
  public Optional<Withheld> withheld() {
    return Optional.ofNullable(withheld);
  }

  /**
   * {@return a hit that was withheld to be checked} The policy lets it answer: serve it where the
   * fresh answer cannot be loaded.
   */
  public Optional<Hit> checkedHit() {
    return missReason == MissReason.CHECKED ? withheld().map(Withheld::hit) : Optional.empty();
  }

  public float bestCosine() {
    return bestCosine;
  }

  @Override
  public String toString() {
    return isHit()
        ? "Lookup[" + hit.kind() + " hit " + hit.id() + "]"
        : "Lookup[miss " + missReason + (refusal == null ? "" : " " + refusal) + "]";
  }
}
