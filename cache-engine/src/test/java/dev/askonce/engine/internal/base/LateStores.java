package dev.askonce.engine.internal.base;

/**
 * A writer's {@link Words}, as late as a processor may make its stores: they wait until an order is
 * asked for, and then arrive with the last one first. Of one thread.
 */
public class LateStores implements Words {
  private static final int WAITING_MAX = 64;

  private final WordArray words;
  private final long[] addresses = new long[WAITING_MAX];
  private final long[] values = new long[WAITING_MAX];
  private int waiting;

  public LateStores(WordArray words) {
    this.words = words;
  }

  @Override
  public long getAcquire(long address) {
    int last = lastOf(address);
    return last < 0 ? words.get(address) : values[last];
  }

  /** {@return the place of the newest store to a word that waits, or -1} */
  private int lastOf(long address) {
    int place = waiting - 1;
    while (place >= 0 && addresses[place] != address) {
      place--;
    }
    return place;
  }

  /** After all that waits; what follows may overtake it. */
  @Override
  public void setRelease(long address, long value) {
    arrive();
    set(address, value);
  }

  @Override
  public void set(long address, long value) {
    addresses[waiting] = address;
    values[waiting++] = value;
  }

  @Override
  public void copyOut(long address, byte[] target, int length) {
    throw new UnsupportedOperationException("a writer copies nothing");
  }

  @Override
  public void acquireFence() {
    throw new UnsupportedOperationException("a writer has no loads to order");
  }

  @Override
  public void storeStoreFence() {
    arrive();
  }

  /** All that waits arrives, as it does when the writer gives up its lock. */
  public void arrive() {
    for (int place = waiting - 1; place >= 0; place--) {
      // Stores to one word never overtake each other.
      if (lastOf(addresses[place]) == place) {
        words.set(addresses[place], values[place]);
      }
    }
    waiting = 0;
  }
}
