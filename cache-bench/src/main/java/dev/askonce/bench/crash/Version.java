package dev.askonce.bench.crash;

import dev.askonce.engine.EntryId;
import java.util.Optional;

/** One answer that was put, or was about to be, and what is known of it. Guarded by its oracle. */
final class Version {
  private static final long NEVER = Long.MAX_VALUE;

  final int scope;
  final int key;
  final long number;
  final int tags;
  final int writer;
  final long ttlMillis;

  /** The log's length when the event was written, of each. */
  long doneAt = NEVER;

  long goneAt = NEVER;

  /** Whether it may have left by something that was begun and never confirmed. */
  boolean uncertain;

  /** Between these it expires. */
  long expiresMin;

  long expiresMax = NEVER;

  Optional<EntryId> id = Optional.empty();

  Version(Event begun) {
    scope = begun.scope();
    key = begun.key();
    number = begun.version();
    tags = begun.tags();
    writer = begun.writer();
    ttlMillis = begun.value();
    expiresMin = begun.millis() + ttlMillis;
  }

  boolean isDone() {
    return doneAt != NEVER;
  }

  boolean isGone() {
    return goneAt != NEVER;
  }

  boolean hasText() {
    return key < Truth.VECTOR_KEYS;
  }

  /** {@return whether a lookup that ends now must find it} */
  boolean isCertain(long nowMillis) {
    return isDone() && !uncertain && !isGone() && nowMillis < expiresMin;
  }

  boolean isIn(Event gone) {
    return switch (gone.group()) {
      case ENTRY -> number == gone.value();
      case TAG -> (tags >> gone.key() & 1) == 1;
      case WRITER -> writer == gone.key();
      case SCOPE -> scope == gone.key();
      case TENANT -> scope / 2 == gone.key() / 2;
    };
  }

  @Override
  public String toString() {
    return "version " + number + " of key " + key + " in scope " + scope;
  }
}
