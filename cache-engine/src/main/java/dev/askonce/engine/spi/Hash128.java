package dev.askonce.engine.spi;

/** A 128-bit hash value: wide enough to be an identity. */
public record Hash128(long high, long low) {
  /** Stands for the hash of nothing. */
  public static final Hash128 ZERO = new Hash128(0, 0);
}
