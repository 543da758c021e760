package dev.askonce.engine.internal.cache;

import dev.askonce.engine.MissReason;
import dev.askonce.engine.spi.Hash128;
import java.util.Optional;

/** One question on its way: what is known of it so far. Of one thread at a time. */
final class Asked {
  static final Hash128 NO_TEXT = Hash128.ZERO;

  final Hash128 scope;
  final long tenant;
  final Optional<String> text;
  final Hash128 textHash;

  /** The unit vector, once there is one. */
  float[] vector;

  /** Why there is no vector although it was tried, or null. */
  MissReason unembedded;

  Asked(Hash128 scope, long tenant, Optional<String> text, Hash128 textHash) {
    this.scope = scope;
    this.tenant = tenant;
    this.text = text;
    this.textHash = textHash;
  }

  boolean hasText() {
    return textHash != NO_TEXT;
  }
}
