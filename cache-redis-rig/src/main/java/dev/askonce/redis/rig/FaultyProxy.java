package dev.askonce.redis.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;

/**
 * Stands between a client and a server on the loopback interface and hands each chunk of a reply to
 * a {@link Fault}, which can be changed at any time. What replicas and Sentinels send and get
 * passes.
 */
public final class FaultyProxy implements AutoCloseable {
  /** What becomes of a chunk of a reply. An exception cuts the connection. */
  @FunctionalInterface
  public interface Fault {
    void reply(byte[] chunk, OutputStream client) throws IOException;
  }

  public static final Fault NONE = (chunk, client) -> client.write(chunk);
  public static final Fault STALL = (chunk, client) -> {};
  public static final Fault CUT =
      (chunk, client) -> {
        throw new IOException("cut");
      };
  public static final Fault HALF_THEN_STALL =
      (chunk, client) -> client.write(chunk, 0, chunk.length / 2);
  public static final Fault HALF_THEN_CUT =
      (chunk, client) -> {
        client.write(chunk, 0, chunk.length / 2);
        throw new IOException("cut");
      };
  public static final Fault TWICE =
      (chunk, client) -> {
        client.write(chunk);
        client.write(chunk);
      };

  /** Each chunk takes this long. */
  public static Fault delay(Duration time) {
    return (chunk, client) -> {
      LockSupport.parkNanos(time.toNanos());
      client.write(chunk);
    };
  }

  /** No more than this many bytes a second, a few at a time. */
  public static Fault rate(int bytesPerSecond) {
    int step = Math.max(1, bytesPerSecond / 200);
    return (chunk, client) -> {
      for (int from = 0; from < chunk.length; from += step) {
        client.write(chunk, from, Math.min(step, chunk.length - from));
        client.flush();
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() * step / bytesPerSecond);
      }
    };
  }

  /** These bytes in place of each chunk. */
  public static Fault say(String reply) {
    return (chunk, client) -> client.write(reply.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Holds each second chunk back until after the one that follows it, whosever that is. */
  public static Fault swap() {
    AtomicReference<byte[]> held = new AtomicReference<>();
    return (chunk, client) -> {
      byte[] before = held.getAndSet(null);
      if (before == null && held.compareAndSet(null, chunk)) {
        return;
      }
      client.write(chunk);
      if (before != null) {
        client.write(before);
      }
    };
  }

  /** Who is at the other end, by what they send. */
  private enum Peer {
    CLIENT,
    REPLICA,
    SENTINEL
  }

  /** How a replica begins: no client of ours sends it alone. */
  private static final String HANDSHAKE = "*1\r\n$4\r\nPING\r\n";

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> replicas = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connectionCount = new AtomicInteger();
  private volatile Fault fault = NONE;
  private volatile Fault requestFault = NONE;
  private volatile boolean admitsReplicas = true;

  public FaultyProxy(int serverPort) {
    this(serverPort, ServerSocketFactory.getDefault());
  }

  public FaultyProxy(int serverPort, ServerSocketFactory listeners) {
    this.serverPort = serverPort;
    try {
      listener = listeners.createServerSocket(0, 64, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public String uri() {
    return "redis://127.0.0.1:" + port();
  }

  /** {@return how many connections clients have made} */
  public int connectionCount() {
    return connectionCount.get();
  }

  public void fault(Fault value) {
    fault = value;
  }

  /** What becomes of chunks on their way to the server. */
  public void requestFault(Fault value) {
    requestFault = value;
  }

  /** Cuts all connections that there are now, those of replicas and Sentinels included. */
  public void cutAll() {
    cut(sockets);
  }

  /** Cuts off the server's replicas, until they are admitted again. */
  public void admitReplicas(boolean value) {
    admitsReplicas = value;
    if (!value) {
      cut(replicas);
    }
  }

  private static void cut(Set<Socket> all) {
    try {
      for (Socket socket : all) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        connectionCount.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // The listener is closed, or one client is gone again.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket("127.0.0.1", serverPort)) {
      sockets.add(server);
      AtomicReference<Peer> peer = new AtomicReference<>(Peer.CLIENT);
      Fault request =
          (chunk, out) -> {
            if (peer.get() == Peer.CLIENT) {
              peer.set(peer(chunk));
              if (peer.get() == Peer.REPLICA) {
                admit(client);
              }
            }
            (peer.get() == Peer.CLIENT ? requestFault : NONE).reply(chunk, out);
          };
      Thread.ofVirtual().start(() -> pump(client, server, request));
      pump(
          server,
          client,
          (chunk, out) -> (peer.get() == Peer.CLIENT ? fault : NONE).reply(chunk, out));
    } catch (IOException e) {
      // No server: the client sees its connection closed.
    } finally {
      sockets.remove(client);
      replicas.remove(client);
    }
  }

  private void admit(Socket replica) throws IOException {
    // First added: of those that cut all and those that come, one sees the other.
    replicas.add(replica);
    if (!admitsReplicas) {
      throw new IOException("not admitted");
    }
  }

  /**
   * Replicas and Sentinels meet no faults: what they make of them is not what we test. From their
   * first word on: a replica that gets no answer to that waits for a minute.
   */
  private static Peer peer(byte[] request) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    if (text.equals(HANDSHAKE) || text.contains("REPLCONF") || text.contains("PSYNC")) {
      return Peer.REPLICA;
    }
    return text.contains("sentinel-") ? Peer.SENTINEL : Peer.CLIENT;
  }

  private void pump(Socket from, Socket to, Fault each) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        each.reply(Arrays.copyOf(buffer, length), out);
        out.flush();
      }
    } catch (IOException e) {
      // Both ends close, which is what a cut is.
    } finally {
      sockets.remove(from);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }
}
