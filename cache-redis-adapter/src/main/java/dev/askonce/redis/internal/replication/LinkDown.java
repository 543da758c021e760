package dev.askonce.redis.internal.replication;

import dev.askonce.redis.RedisTrouble;

/** The server could not be asked, or refused: to be tried again later. Without a trace. */
final class LinkDown extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  LinkDown(RedisTrouble trouble) {
    super(trouble.name(), null, false, false);
    mayPass =
        switch (trouble) {
          case TIMEOUT, BROKEN, BUSY, UNDECODABLE -> true;
          case UNREACHABLE, ERROR_REPLY, INTERRUPTED, CIRCUIT_OPEN -> false;
        };
  }

  LinkDown(String error) {
    super(error, null, false, false);
    mayPass = false;
  }

  /** {@return whether the server may be well, so that asking again at once is worth it} */
  boolean mayPass() {
    return mayPass;
  }
}
