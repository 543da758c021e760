package dev.askonce.redis.internal.server;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Sockets to one server through TLS, whose certificate must be trusted and name the server's host.
 * Jedis's own way to do this reads key stores from disk for every connection.
 */
final class TlsSockets extends DefaultJedisSocketFactory {
  private final HostAndPort server;
  private final SSLContext context;

  /**
   * @param config of plain sockets: its timeouts hold for connect and handshake
   */
  TlsSockets(HostAndPort server, JedisClientConfig config, SSLContext context) {
    super(server, config);
    this.server = server;
    this.context = context;
  }

  @Override
  public Socket createSocket() {
    Socket plain = super.createSocket();
    try {
      // The last argument: closing the outer socket closes the plain one.
      SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, server.getHost(), server.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      closeQuietly(plain, e);
      throw new JedisConnectionException("no TLS with " + server, e);
    }
  }

  private static void closeQuietly(Socket socket, IOException because) {
    try {
      socket.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}
