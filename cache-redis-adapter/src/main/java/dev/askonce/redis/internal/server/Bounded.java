package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs what talks to a server on a virtual thread of its own while the caller waits, no longer than
 * given.
 */
final class Bounded {
  /*
   * Socket timeouts alone do not bound a command: they hold for one read at a time, so a reply that
   * trickles in never ends, and they do not hold for writes, name resolution or a TLS handshake.
   * The caller stops waiting and interrupts the virtual thread, which by the contract of
   * java.net.Socket closes the socket it is blocked on.
   */
  static final ThreadFactory THREADS =
      Thread.ofVirtual().name("askonce-redis").inheritInheritableThreadLocals(false).factory();

  private Bounded() {}

  static <T> T within(long nanos, Callable<T> exchange) throws Trouble {
    FutureTask<T> task = new FutureTask<>(exchange);
    THREADS.newThread(task).start();
    try {
      return task.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new Trouble(RedisTrouble.TIMEOUT);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new Trouble(RedisTrouble.INTERRUPTED);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case Trouble trouble -> trouble;
        case UnsoundReply unsound -> new Trouble(RedisTrouble.UNDECODABLE);
        default -> new Trouble(RedisTrouble.BROKEN);
      };
    }
  }
}
