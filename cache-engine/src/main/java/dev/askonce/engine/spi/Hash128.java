package dev.askonce.engine.spi;

/** A 128-bit hash value: wide enough to be an identity. */
public record Hash128(long high, long low) {}
