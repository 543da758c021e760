package dev.askonce.redis.internal.server;

/**
 * Who we are to a server.
 *
 * @param user null for the server's default user
 * @param password null for none
 */
public record Login(String user, String password) {
  /** Nobody in particular. */
  public static final Login NONE = new Login(null, null);

  /** {@return nothing of it} */
  @Override
  public String toString() {
    return "Login";
  }
}
