package dev.askonce.engine.internal.base;

/**
 * Memory that threads share without a lock, by address: the few accesses whose order counts. What
 * publishes a record and what marks a list as changed are written against it, so that tests can put
 * a memory in its place in which a tool chooses the moments and stores and loads come late.
 *
 * <p>In service there is {@link #MEMORY} and nothing else, so every call is to one known method.
 */
public interface Words {
  /** {@link Memory}. */
  Words MEMORY = new MemoryWords();

  /** {@return the aligned word, ordered before all loads that follow} */
  long getAcquire(long address);

  /** Stores the aligned word, ordered after all accesses that precede. */
  void setRelease(long address, long value);

  /** Stores the word in any order with others. */
  void set(long address, long value);

  /** Copies bytes, in any order. */
  void copyOut(long address, byte[] target, int length);

  /** Orders all loads that precede before all accesses that follow. */
  void acquireFence();

  /** Orders all stores that precede before all stores that follow. */
  void storeStoreFence();
}
