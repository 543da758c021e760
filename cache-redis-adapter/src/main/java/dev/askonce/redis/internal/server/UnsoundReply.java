package dev.askonce.redis.internal.server;

import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * A reply that is well-formed and yet not an answer to what was asked. The connection may be out of
 * step, so it is closed like a broken one; the server is alive, so the circuit stays as it is.
 */
public final class UnsoundReply extends JedisConnectionException {
  private static final long serialVersionUID = 1L;

  public UnsoundReply(String problem) {
    super(problem);
  }
}
