package dev.askonce.engine;

import java.nio.file.Path;

/**
 * The root of every error that the cache reports to its caller. A caller's mistake is one of the
 * nested types and says what to do; trouble of the environment during a lookup is never thrown, it
 * is a counted miss.
 */
public abstract sealed class CacheException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private CacheException(String message) {
    super(message);
  }

  private CacheException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A vector whose length is not the dimension of the cache. */
  public static final class WrongDimension extends CacheException {
    private static final long serialVersionUID = 1L;

    public WrongDimension(int actual, int expected) {
      super("vector has " + actual + " components, this cache holds vectors of " + expected);
    }
  }

  /** A vector that has no direction: all zero, or with a component that is not finite. */
  public static final class InvalidVector extends CacheException {
    private static final long serialVersionUID = 1L;

    public InvalidVector(String problem) {
      super("vector cannot be normalised: " + problem);
    }
  }

  /** A text longer than the operator's limit. */
  public static final class TextTooLong extends CacheException {
    private static final long serialVersionUID = 1L;

    public TextTooLong(int actualChars, int maxChars) {
      super("text has " + actualChars + " characters, the limit is " + maxChars);
    }
  }

  /** An answer larger than the operator's limit. */
  public static final class AnswerTooLarge extends CacheException {
    private static final long serialVersionUID = 1L;

    public AnswerTooLarge(long actualBytes, long maxBytes) {
      super("answer has " + actualBytes + " bytes, the limit is " + maxBytes);
    }
  }

  /** A threshold that is not a raw cosine in [0, 1]. */
  public static final class InvalidThreshold extends CacheException {
    private static final long serialVersionUID = 1L;

    public InvalidThreshold(double actual) {
      super("threshold " + actual + " is not a raw cosine; give a value from 0 to 1");
    }
  }

  /** An option outside the operator's limits, or one that contradicts another. */
  public static final class InvalidOption extends CacheException {
    private static final long serialVersionUID = 1L;

    public InvalidOption(String message) {
      super(message);
    }
  }

  /** A call on a cache that was closed. */
  public static final class Closed extends CacheException {
    private static final long serialVersionUID = 1L;

    public Closed() {
      super("the cache is closed");
    }
  }

  /** A directory that another cache, in this process or another, has open. */
  public static final class Locked extends CacheException {
    private static final long serialVersionUID = 1L;

    public Locked(Path directory) {
      super("another cache has " + directory + " open; close it or choose another directory");
    }
  }

  /** A store written with another embedder, dimension or format. */
  public static final class Incompatible extends CacheException {
    private static final long serialVersionUID = 1L;

    public Incompatible(String message) {
      super(message);
    }
  }

  /** A JVM started without a flag that the engine's dependencies need. */
  public static final class MissingJvmFlag extends CacheException {
    private static final long serialVersionUID = 1L;

    public MissingJvmFlag(String flag) {
      super("start the JVM with " + flag + "; all flags are in the file askonce.jvmargs");
    }
  }

  /** A directory or file that cannot be created, read or written. */
  public static final class StoreUnavailable extends CacheException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String message) {
      super(message);
    }

    public StoreUnavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A server that an operation cannot do without, and that did not answer or refused. */
  public static final class ServerUnavailable extends CacheException {
    private static final long serialVersionUID = 1L;

    public ServerUnavailable(String message) {
      super(message);
    }
  }

  /** A load that the caller of {@link SemanticCache#getOrLoad} supplied and that failed. */
  public static final class LoadFailed extends CacheException {
    private static final long serialVersionUID = 1L;

    public LoadFailed(Throwable cause) {
      super("the load failed: " + cause, cause);
    }
  }
}
