package dev.askonce.engine.internal.base;

import java.lang.invoke.VarHandle;

/** The {@link Words} of {@link Memory}. */
final class MemoryWords implements Words {
  @Override
  public long getAcquire(long address) {
    return Memory.getLongAcquire(address);
  }

  @Override
  public void setRelease(long address, long value) {
    Memory.putLongRelease(address, value);
  }

  @Override
  public void set(long address, long value) {
    Memory.putLong(address, value);
  }

  @Override
  public void copyOut(long address, byte[] target, int length) {
    Memory.copyOut(address, target, length);
  }

  @Override
  public void acquireFence() {
    VarHandle.acquireFence();
  }

  @Override
  public void storeStoreFence() {
    VarHandle.storeStoreFence();
  }
}
