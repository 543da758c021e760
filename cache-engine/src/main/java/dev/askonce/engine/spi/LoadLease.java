package dev.askonce.engine.spi;

/**
 * The right of one of many caches to load a missing answer, or the wait for the one that has it.
 * Belongs to one caller; the right ends by itself after a while.
 */
public interface LoadLease {
  /** The lease of a cache that asks nobody: it leads. */
  LoadLease UNSHARED =
      new LoadLease() {
        @Override
        public boolean leads() {
          return true;
        }

        @Override
        public boolean await(long nanos) {
          return true;
        }

        @Override
        public void release(boolean stored) {}
      };

  /**
   * {@return whether this cache loads} Else another one does, or did so just now, or it is not
   * known yet.
   */
  boolean leads();

  /**
   * Waits until another cache's answer may be here, or its right is over, or it is worth asking
   * again: then the caller looks up again and, where nothing is found, asks for the right again.
   *
   * @return false if neither happened in time
   */
  boolean await(long nanos) throws InterruptedException;

  /**
   * Gives the right back.
   *
   * @param stored whether the answer was stored: then others are told after they can have it
   */
  void release(boolean stored);
}
