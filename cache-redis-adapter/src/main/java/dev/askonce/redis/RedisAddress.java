package dev.askonce.redis;

import dev.askonce.engine.CacheException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where a server is and who we are to it: {@code redis://[user]:password@host:port/database}, all
 * but the host optional; {@code rediss} for TLS.
 *
 * <p>Neither errors nor {@link #toString} show the URI, since it may hold a password.
 *
 * @param user null for the server's default user
 * @param password null for none
 */
record RedisAddress(
    String host, int port, boolean tls, String user, String password, int database) {
  private static final int PORT = 6379;

  static RedisAddress parse(String text) {
    URI uri = uri(text);
    boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
    require(tls || "redis".equalsIgnoreCase(uri.getScheme()), "begins with redis:// or rediss://");
    String host = uri.getHost();
    require(host != null, "names a host");
    require(uri.getRawQuery() == null && uri.getRawFragment() == null, "has no ? and no #");
    String login = uri.getRawUserInfo() == null ? ":" : uri.getRawUserInfo();
    int colon = login.indexOf(':');
    require(colon >= 0, "has a colon before the password");
    return new RedisAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() == -1 ? PORT : uri.getPort(),
        tls,
        part(login.substring(0, colon)),
        part(login.substring(colon + 1)),
        database(uri.getRawPath()));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Without the cause: its message quotes the whole input, and so the password.
      throw invalid("is a URI, with special characters of the password percent-encoded");
    }
  }

  private static int database(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return 0;
    }
    require(path.matches("/[0-9]{1,5}"), "ends with the number of a database, as in /0");
    return Integer.parseInt(path.substring(1));
  }

  private static String part(String encoded) {
    // A plus is itself in a URI; only in a form is it a space.
    return encoded.isEmpty()
        ? null
        : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw invalid(rule);
    }
  }

  private static CacheException invalid(String rule) {
    return new CacheException.InvalidOption("the Redis URI is not one that " + rule);
  }

  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + host + ":" + port;
  }
}
