package dev.askonce.redis.internal.replication;

import dev.askonce.redis.RedisTrouble;

/** The server could not be asked, or refused: to be tried again later. Without a trace. */
final class LinkDown extends Exception {
  private static final long serialVersionUID = 1L;

  LinkDown(RedisTrouble trouble) {
    super(trouble.name(), null, false, false);
  }

  LinkDown(String error) {
    super(error, null, false, false);
  }
}
