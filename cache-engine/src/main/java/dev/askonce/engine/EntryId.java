package dev.askonce.engine;

/**
 * The name of one entry, never given twice in the life of a store.
 *
 * @param epoch the opening of the store that wrote the entry, counted from 1
 * @param sequence the number of the entry within that epoch
 */
public record EntryId(long epoch, long sequence) {
  @Override
  public String toString() {
    return Long.toHexString(epoch) + "-" + Long.toHexString(sequence);
  }
}
