package dev.askonce.engine.internal.base;

/**
 * A reader's {@link Words}, with copies as late as a processor may make them: an acquire keeps what
 * follows behind it, and not what precedes before it. Of one thread.
 */
public class LateLoads implements Words {
  private final WordArray words;
  private long waitingAddress;
  private byte[] waiting;
  private int waitingLength;

  public LateLoads(WordArray words) {
    this.words = words;
  }

  @Override
  public long getAcquire(long address) {
    long value = words.get(address);
    arrive();
    return value;
  }

  @Override
  public void copyOut(long address, byte[] target, int length) {
    waitingAddress = address;
    waiting = target;
    waitingLength = length;
  }

  @Override
  public void acquireFence() {
    arrive();
  }

  private void arrive() {
    if (waiting != null) {
      words.copyOut(waitingAddress, waiting, waitingLength);
      waiting = null;
    }
  }

  @Override
  public void setRelease(long address, long value) {
    throw new UnsupportedOperationException("a reader writes nothing");
  }

  @Override
  public void set(long address, long value) {
    throw new UnsupportedOperationException("a reader writes nothing");
  }

  @Override
  public void storeStoreFence() {
    throw new UnsupportedOperationException("a reader has no stores to order");
  }
}
