package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;

/** Carries a trouble to whoever counts it; without a trace, being no surprise. */
final class Trouble extends Exception {
  private static final long serialVersionUID = 1L;

  private final RedisTrouble kind;

  Trouble(RedisTrouble kind) {
    super(kind.name(), null, false, false);
    this.kind = kind;
  }

  RedisTrouble kind() {
    return kind;
  }

  /** {@return whether the server looks dead, so that asking again at once would only cost time} */
  static boolean opensCircuit(RedisTrouble kind) {
    return switch (kind) {
      case TIMEOUT, UNREACHABLE, BROKEN -> true;
      case ERROR_REPLY, UNDECODABLE, BUSY, INTERRUPTED, CIRCUIT_OPEN -> false;
    };
  }
}
