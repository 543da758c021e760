package dev.askonce.redis.internal.log;

import dev.askonce.engine.spi.Hash128;
import java.util.Optional;

/**
 * The log that a record is written to; a record opens in no other.
 *
 * @param name its whole key on the server, the installation's prefix included
 * @param scope whose log it is; empty for the one that all caches read
 */
public record LogStream(String name, Optional<Hash128> scope) {
  /** {@return the log of one scope} */
  public static LogStream of(String name, Hash128 scope) {
    return new LogStream(name, Optional.of(scope));
  }

  /** {@return the log that all caches read} */
  public static LogStream control(String name) {
    return new LogStream(name, Optional.empty());
  }

  /** {@return whether a record does not speak of another scope than this log} */
  boolean admits(LogRecord record) {
    return scope.isEmpty()
        || switch (record) {
          case LogRecord.Put put -> scope.get().equals(put.entry().scope());
          case LogRecord.Touches touches -> scope.get().equals(touches.scope());
          case LogRecord.Call call -> scope.get().equals(call.scope());
          case LogRecord.Remove remove ->
              switch (remove.removal().kind()) {
                case ENTRY, SCOPE -> scope.get().equals(remove.removal().scope());
                case TAG, TENANT, PRINCIPAL -> true;
              };
        };
  }
}
