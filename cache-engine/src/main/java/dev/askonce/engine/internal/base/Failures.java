package dev.askonce.engine.internal.base;

/** Tells what a cache may swallow from what it must not. */
public final class Failures {
  private Failures() {}

  /**
   * Throws {@code failure} on if the JVM itself is in trouble. A fault while reading a mapped file
   * is an {@link InternalError} and is not: it costs an answer.
   */
  public static void rethrowIfFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError error && !(failure instanceof InternalError)) {
      throw error;
    }
  }
}
