package dev.askonce.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a free port of the loopback interface, which keeps nothing on disk. The
 * executable comes out of a test artifact into a temporary directory; both are gone when the JVM
 * ends.
 */
final class RedisProcess implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final File EXECUTABLE = executable();

  private final int port = freePort();
  private final RedisServer server;

  /**
   * @param settings more arguments of the command line
   */
  RedisProcess(String... settings) {
    List<String> command =
        new ArrayList<>(
            List.of(
                EXECUTABLE.getAbsolutePath(),
                "--port",
                Integer.toString(port),
                "--bind",
                HOST,
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                EXECUTABLE.getParent()));
    command.addAll(List.of(settings));
    server = new RedisServer(port, command, false);
    start();
  }

  void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://" + HOST + ":" + port;
  }

  /** Sends one command over a connection of its own. */
  Object command(Command command, String... arguments) {
    try (Connection connection = new Connection(new HostAndPort(HOST, port))) {
      connection.sendCommand(command, arguments);
      return connection.getOne();
    }
  }

  void flush() {
    command(Command.FLUSHALL);
  }

  @Override
  public void close() {
    stop();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static File executable() {
    try {
      return ExecutableProvider.newJarResourceProvider().get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
