package dev.askonce.redis.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Takes connections and never reads from them nor writes to them: the kernel completes the
 * handshakes by itself.
 */
public final class SilentServer implements AutoCloseable {
  private final ServerSocket listener;

  public SilentServer() throws IOException {
    listener = new ServerSocket();
    listener.setReceiveBufferSize(4096);
    listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 64);
  }

  public String uri() {
    return "redis://127.0.0.1:" + listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
