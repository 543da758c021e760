package dev.askonce.redis.rig;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a free port of the loopback interface, with a directory of its own that is
 * gone when it is closed. The executable comes out of a test artifact into a temporary directory,
 * or is the one that the environment variable {@code ASKONCE_REDIS_SERVER} names.
 */
public final class RedisProcess implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final File EXECUTABLE = executable();

  /** What a primary writes to its replicas by itself is less. */
  static final long TAIL_BYTES_MIN = 1000;

  /** A primary that hands over in good order lets writers wait, for ten seconds at most. */
  private static final JedisClientConfig PATIENT =
      DefaultJedisClientConfig.builder()
          .socketTimeoutMillis(20_000)
          .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
          .build();

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final int port;
  private final Path directory;
  private final List<String> command = new ArrayList<>();
  private Process process;

  /**
   * @param settings more arguments of the command line
   */
  public RedisProcess(String... settings) {
    this(freePort(), List.of(settings));
  }

  RedisProcess(int port, List<String> settings) {
    this(port);
    command.addAll(List.of("--save", "", "--appendonly", "no"));
    command.addAll(settings);
    start();
  }

  private RedisProcess(int port) {
    this.port = port;
    try {
      directory = Files.createTempDirectory("askonce-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    command.addAll(
        List.of(
            EXECUTABLE.getAbsolutePath(),
            "--port",
            Integer.toString(port),
            "--bind",
            HOST,
            "--dir",
            directory.toString()));
  }

  /** {@return a Sentinel, which writes what it learns into its file of settings} */
  static RedisProcess sentinel(int port, List<String> lines) {
    RedisProcess sentinel = new RedisProcess(port);
    try {
      Path file = sentinel.directory.resolve("sentinel.conf");
      Files.write(file, lines);
      sentinel.command.add(1, file.toString());
      sentinel.command.add("--sentinel");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sentinel.start();
    return sentinel;
  }

  /** Starts it, again or anew, and waits until it answers. */
  public void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(directory.resolve("log").toFile()))
              .start();
    } catch (IOException e) {
      throw new RigFailure("no redis-server could be started: " + e, e);
    }
    RUNNING.add(process);
    Await.servers(this::log, () -> !process.isAlive() || answers());
    if (!process.isAlive()) {
      throw new RigFailure(log());
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(HOST, port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends it as an operator does. */
  public void stop() {
    end(process::destroy);
  }

  /** Ends it without a chance to do anything more. */
  public void kill() {
    end(process::destroyForcibly);
  }

  private void end(Runnable how) {
    how.run();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(process);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "redis://" + HOST + ":" + port;
  }

  /** Sends one command over a connection of its own. */
  public Object command(Command command, String... arguments) {
    try (Connection connection = new Connection(new HostAndPort(HOST, port), PATIENT)) {
      connection.sendCommand(command, arguments);
      return connection.getOne();
    } catch (JedisConnectionException e) {
      throw new RigFailure("server " + port + " does not answer " + command + ": " + e, e);
    }
  }

  /** {@return the reply to one command as text} */
  String text(Command command, String... arguments) {
    Object reply = command(command, arguments);
    return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "" + reply;
  }

  /** {@return a field of what the server says about itself, empty where there is none} */
  String info(String section, String field) {
    return field(text(Command.INFO, section), field);
  }

  static String field(String info, String name) {
    return Stream.of(info.split("\r\n"))
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** {@return whether it is one, as it sees itself} */
  boolean isPrimary() {
    return info("replication", "role").equals("master");
  }

  /** {@return whether it is a replica that gets what its primary is given} */
  boolean isInStep() {
    return info("replication", "master_link_status").equals("up");
  }

  /** {@return how many bytes it has been given, or as a replica has got} */
  private long offset() {
    String mine = info("replication", "slave_repl_offset");
    return Long.parseLong(mine.isEmpty() ? info("replication", "master_repl_offset") : mine);
  }

  /** {@return bytes that a replica of this server has not got} */
  long tail(RedisProcess replica) {
    return offset() - replica.offset();
  }

  /** {@return the names of all keys} */
  public List<String> keys() {
    List<String> names = new ArrayList<>();
    for (Object name : (List<?>) command(Command.KEYS, "*")) {
      names.add(new String((byte[]) name, StandardCharsets.UTF_8));
    }
    return names;
  }

  /** Adds a record of one field to the end of a stream. */
  public void add(String stream, byte[] record) {
    try (Connection connection = new Connection(new HostAndPort(HOST, port))) {
      connection.sendCommand(
          new CommandArguments(Command.XADD).key(stream).add("*").add("r").add(record));
      connection.getOne();
    }
  }

  public void flush() {
    command(Command.FLUSHALL);
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int freePort() {
    try (ServerSocket socket = listen(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return a free port whose bus port, 10,000 above, is free as well} */
  static int freeClusterPort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(11_000, 22_000);
      try (ServerSocket own = listen(port);
          ServerSocket bus = listen(port + 10_000)) {
        assert bus.getLocalPort() == port + 10_000;
        return own.getLocalPort();
      } catch (IOException e) {
        // One of them is taken: another pair.
      }
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName(HOST));
  }

  private static File executable() {
    String own = System.getenv("ASKONCE_REDIS_SERVER");
    if (own != null) {
      return new File(own);
    }
    try {
      return ExecutableProvider.newJarResourceProvider().get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
