package dev.askonce.engine.internal.base;

/**
 * A word that says whether what is beside it was changed: odd while it is. One writer at a time;
 * any number of readers, who wait for nobody.
 *
 * <pre>
 *   writer                              reader
 *   begin:  word odd                    seen = read
 *           store-store fence           payload, plain
 *           payload, plain              isUnchanged:  acquire fence
 *   end:    word even, release                        word even and as seen
 * </pre>
 *
 * A reader that sees a byte of a change sees, after its fence, the odd word that was written before
 * it, or a later one.
 */
public final class Version {
  private Version() {}

  /** {@return the version to hand to {@link #isUnchanged} after the payload was read} */
  public static long read(Words words, long address) {
    return words.getAcquire(address);
  }

  /** {@return whether all that was read since {@link #read} belongs together} */
  public static boolean isUnchanged(Words words, long address, long seen) {
    words.acquireFence();
    return (seen & 1) == 0 && words.getAcquire(address) == seen;
  }

  /** Begins a change. One that never ended, of a process that died, is taken over. */
  public static void begin(Words words, long address) {
    words.setRelease(address, words.getAcquire(address) | 1);
    words.storeStoreFence();
  }

  /** Ends the change. */
  public static void end(Words words, long address) {
    words.setRelease(address, words.getAcquire(address) + 1);
  }
}
