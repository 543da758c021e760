package dev.askonce.engine.spi;

/**
 * Whether what is read from a store is verified: a constant that is true, but in a process of a
 * benchmark that measures what verification costs. A cache says so in its log where it is not.
 */
public final class Verification {
  /** The system property that a benchmark sets. */
  public static final String PROPERTY = "askonce.benchmarkUnverified";

  public static final boolean ON = !Boolean.getBoolean(PROPERTY);

  private Verification() {}
}
