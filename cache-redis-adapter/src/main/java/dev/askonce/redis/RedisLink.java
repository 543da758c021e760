package dev.askonce.redis;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The way to one server: single commands, each answered within a bounded time or counted as a
 * {@link RedisTrouble}; nothing of the environment is thrown.
 *
 * <p>Threading: any number of threads, virtual ones included.
 */
final class RedisLink implements AutoCloseable {
  /*
   * A command runs on a virtual thread of its own while the caller waits for it. Socket timeouts
   * alone do not bound a command: they hold for one read at a time, so a reply that trickles in
   * never ends, and they do not hold for writes, name resolution or a TLS handshake. The caller
   * stops waiting after connect timeout plus deadline and interrupts the virtual thread, which by
   * the contract of java.net.Socket closes the socket it is blocked on.
   *
   * A connection goes back to the pool only after the reply was read to its end and found sound.
   * After anything else it is closed: what is still under way on it would be read as the reply to
   * the next caller's command.
   */
  private static final Logger LOGGER = LoggerFactory.getLogger(RedisLink.class);
  private static final ThreadFactory THREADS =
      Thread.ofVirtual().name("askonce-redis").inheritInheritableThreadLocals(false).factory();

  private final RedisAddress address;
  private final ConnectionPool connections;
  private final long waitNanosMax;
  private final Circuit circuit;
  private final Map<RedisTrouble, LongAdder> troubles = new EnumMap<>(RedisTrouble.class);

  /**
   * @param connections of this link alone; closed with it
   * @param waitNanosMax the longest that a caller waits for one command
   */
  RedisLink(RedisAddress address, ConnectionPool connections, long waitNanosMax, Circuit circuit) {
    this.address = address;
    this.connections = connections;
    this.waitNanosMax = waitNanosMax;
    this.circuit = circuit;
    for (RedisTrouble trouble : RedisTrouble.values()) {
      troubles.put(trouble, new LongAdder());
    }
  }

  /**
   * {@return what {@code reader} made of the reply, or empty after counted trouble}
   *
   * @param reader given a value or status as bytes, a number as {@code Long}, or null; throws
   *     {@link UnsoundReply} for what cannot be a reply to this command
   */
  <T> Optional<T> call(CommandArguments command, Function<Object, T> reader) {
    if (!circuit.admits()) {
      return troubled(RedisTrouble.CIRCUIT_OPEN);
    }
    FutureTask<T> exchange = new FutureTask<>(() -> exchange(command, reader));
    THREADS.newThread(exchange).start();
    try {
      T result = exchange.get(waitNanosMax, TimeUnit.NANOSECONDS);
      if (circuit.succeeded()) {
        LOGGER.info("{} answers again", address);
      }
      return Optional.of(result);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return troubled(RedisTrouble.TIMEOUT);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      return troubled(RedisTrouble.INTERRUPTED);
    } catch (ExecutionException e) {
      return troubled(e.getCause() instanceof Failed f ? f.trouble : RedisTrouble.BROKEN);
    }
  }

  private <T> T exchange(CommandArguments command, Function<Object, T> reader) throws Failed {
    Connection connection = borrow();
    boolean inStep = false;
    try {
      T result = reader.apply(connection.executeCommand(command));
      inStep = true;
      return result;
    } catch (JedisDataException e) {
      // An error is a whole reply like any other.
      inStep = true;
      throw new Failed(RedisTrouble.ERROR_REPLY);
    } catch (UnsoundReply e) {
      throw new Failed(RedisTrouble.UNDECODABLE);
    } catch (JedisException e) {
      if (e.getCause() instanceof SocketTimeoutException) {
        throw new Failed(RedisTrouble.TIMEOUT);
      }
      // After a restart the idle connections are as dead as this one: one miss, not one for each.
      connections.clear();
      throw new Failed(RedisTrouble.BROKEN);
    } finally {
      release(connection, inStep && !Thread.currentThread().isInterrupted());
    }
  }

  private Connection borrow() throws Failed {
    try {
      return connections.getResource();
    } catch (JedisException e) {
      boolean busy = e.getCause() instanceof NoSuchElementException;
      throw new Failed(busy ? RedisTrouble.BUSY : RedisTrouble.UNREACHABLE);
    }
  }

  private static void release(Connection connection, boolean reusable) {
    if (!reusable) {
      try {
        connection.forceDisconnect();
      } catch (IOException e) {
        LOGGER.debug("a broken connection did not close cleanly", e);
      }
    }
    connection.close();
  }

  private <T> Optional<T> troubled(RedisTrouble trouble) {
    troubles.get(trouble).increment();
    if (trouble.opensCircuit && circuit.failed()) {
      LOGGER.warn("{} failed several times in a row, the last time {}", address, trouble);
    }
    return Optional.empty();
  }

  /** {@return how often each trouble occurred; those that never did are absent} */
  Map<RedisTrouble, Long> troubles() {
    Map<RedisTrouble, Long> counts = new EnumMap<>(RedisTrouble.class);
    troubles.forEach(
        (trouble, count) -> {
          if (count.sum() > 0) {
            counts.put(trouble, count.sum());
          }
        });
    return counts;
  }

  /** Closes idle connections now and the others when their commands end. */
  @Override
  public void close() {
    connections.close();
  }

  @Override
  public String toString() {
    return address.toString();
  }

  /** Carries a trouble from the exchange to its caller; without a trace, being no surprise. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    private final RedisTrouble trouble;

    Failed(RedisTrouble trouble) {
      super(trouble.name(), null, false, false);
      this.trouble = trouble;
    }
  }
}
