package dev.askonce.fuzz;

import java.util.List;

/**
 * Something that reads bytes, and what must hold whatever they are. Used again and again: one run
 * leaves nothing to the next that could change its outcome.
 */
public interface Target {
  /**
   * Hands an input to what is under test.
   *
   * @throws Exception if something does not hold that must, as does any error
   */
  void run(byte[] input) throws Exception;

  /** {@return inputs that get far: what the code under test itself has written, above all} */
  List<byte[]> seeds();

  /** Fails unless something holds that must. */
  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
