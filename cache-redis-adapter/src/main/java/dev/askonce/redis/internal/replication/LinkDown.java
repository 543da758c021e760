package dev.askonce.redis.internal.replication;

import dev.askonce.redis.RedisTrouble;
import java.util.Optional;

/** The server could not be asked, or refused: to be tried again later. Without a trace. */
final class LinkDown extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<RedisTrouble> trouble;

  LinkDown(RedisTrouble trouble) {
    super(trouble.name(), null, false, false);
    this.trouble = Optional.of(trouble);
  }

  LinkDown(String error) {
    super(error, null, false, false);
    trouble = Optional.empty();
  }

  /** {@return whether it is the way that failed, and not the server that refused} */
  boolean isOfTheWay() {
    return trouble.filter(kind -> kind != RedisTrouble.INTERRUPTED).isPresent();
  }

  /** {@return whether the server may be well, so that asking again at once is worth it} */
  boolean mayPass() {
    return trouble
        .map(
            kind ->
                switch (kind) {
                  case TIMEOUT, BROKEN, BUSY, UNDECODABLE -> true;
                  case UNREACHABLE, ERROR_REPLY, INTERRUPTED, CIRCUIT_OPEN -> false;
                })
        .orElse(false);
  }
}
