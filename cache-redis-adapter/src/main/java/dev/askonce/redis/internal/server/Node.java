package dev.askonce.redis.internal.server;

import dev.askonce.redis.RedisTrouble;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One server: its connections, and whether it is worth asking.
 *
 * <p>Threading: any number of threads.
 */
final class Node implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Node.class);

  private final HostAndPort address;
  private final ConnectionPool connections;
  private final Circuit circuit;

  /**
   * @param connections of this node alone; closed with it
   */
  Node(HostAndPort address, ConnectionPool connections, Circuit circuit) {
    this.address = address;
    this.connections = connections;
    this.circuit = circuit;
  }

  HostAndPort address() {
    return address;
  }

  boolean admits() {
    return circuit.admits();
  }

  void succeeded() {
    if (circuit.succeeded()) {
      LOGGER.info("{} answers again", address);
    }
  }

  void failed(RedisTrouble trouble) {
    if (Trouble.opensCircuit(trouble) && circuit.failed()) {
      LOGGER.warn("{} failed several times in a row, the last time {}", address, trouble);
    }
  }

  /**
   * {@return what {@code reader} made of the replies} A connection goes back to the pool only after
   * the replies were read to their end and found sound. After anything else it is closed: what is
   * still under way on it would be read as the reply to the next caller's command.
   */
  <T> T exchange(List<CommandArguments> commands, Function<List<Reply>, T> reader) throws Trouble {
    Connection connection = borrow();
    boolean inStep = false;
    try {
      T result = reader.apply(BoundedConnection.exchange(connection, commands));
      inStep = true;
      return result;
    } catch (UnsoundReply e) {
      throw new Trouble(RedisTrouble.UNDECODABLE);
    } catch (JedisException e) {
      if (e.getCause() instanceof SocketTimeoutException) {
        throw new Trouble(RedisTrouble.TIMEOUT);
      }
      // After a restart the idle connections are as dead as this one: one miss, not one for each.
      connections.clear();
      throw new Trouble(RedisTrouble.BROKEN);
    } finally {
      release(connection, inStep && !Thread.currentThread().isInterrupted());
    }
  }

  private Connection borrow() throws Trouble {
    try {
      return connections.getResource();
    } catch (JedisException e) {
      boolean busy = e.getCause() instanceof NoSuchElementException;
      throw new Trouble(busy ? RedisTrouble.BUSY : RedisTrouble.UNREACHABLE);
    }
  }

  private static void release(Connection connection, boolean reusable) {
    if (!reusable) {
      disconnect(connection);
    }
    connection.close();
  }

  /** Closes a connection at once, without a word to the server. */
  static void disconnect(Connection connection) {
    try {
      connection.forceDisconnect();
    } catch (IOException e) {
      LOGGER.debug("a broken connection did not close cleanly", e);
    }
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
