package dev.askonce.engine.spi;

import java.util.Objects;

/**
 * The decision on one candidate. Immutable; make the refusals of a policy constants.
 *
 * @param served whether its answer may be served
 * @param reason a stable code such as {@code below-threshold}, counted and shown to operators
 */
public record Verdict(boolean served, String reason) {
  /** The candidate's answer may be served. */
  public static final Verdict SERVE = new Verdict(true, "served");

  public Verdict {
    Objects.requireNonNull(reason, "reason");
  }

  public static Verdict refuse(String reason) {
    return new Verdict(false, reason);
  }
}
