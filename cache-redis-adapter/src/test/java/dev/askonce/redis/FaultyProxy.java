package dev.askonce.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * Stands between a client and a server on the loopback interface and hands each chunk of a reply to
 * a {@link Fault}, which can be changed at any time.
 */
final class FaultyProxy implements AutoCloseable {
  /** What becomes of a chunk of a reply. An exception cuts the connection. */
  @FunctionalInterface
  interface Fault {
    void reply(byte[] chunk, OutputStream client) throws IOException;
  }

  static final Fault NONE = (chunk, client) -> client.write(chunk);
  static final Fault STALL = (chunk, client) -> {};
  static final Fault CUT =
      (chunk, client) -> {
        throw new IOException("cut");
      };
  static final Fault HALF_THEN_STALL = (chunk, client) -> client.write(chunk, 0, chunk.length / 2);
  static final Fault HALF_THEN_CUT =
      (chunk, client) -> {
        client.write(chunk, 0, chunk.length / 2);
        throw new IOException("cut");
      };
  static final Fault TWICE =
      (chunk, client) -> {
        client.write(chunk);
        client.write(chunk);
      };

  private final ServerSocket listener;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connectionCount = new AtomicInteger();
  private volatile Fault fault = NONE;

  FaultyProxy(int serverPort) {
    this(serverPort, ServerSocketFactory.getDefault());
  }

  FaultyProxy(int serverPort, ServerSocketFactory listeners) {
    this.serverPort = serverPort;
    try {
      listener = listeners.createServerSocket(0, 64, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  String uri() {
    return "redis://127.0.0.1:" + port();
  }

  /** {@return how many connections clients have made} */
  int connectionCount() {
    return connectionCount.get();
  }

  void fault(Fault value) {
    fault = value;
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
      Thread.ofVirtual().start(() -> pump(client, server, NONE));
      pump(server, client, (chunk, out) -> fault.reply(chunk, out));
    } catch (IOException e) {
      // No server: the client sees its connection closed.
    } finally {
      sockets.remove(client);
    }
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
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
