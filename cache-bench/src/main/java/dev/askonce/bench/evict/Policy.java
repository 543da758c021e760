package dev.askonce.bench.evict;

/** A cache of keys under some policy. Not thread-safe. */
interface Policy {
  /** Asks for a key. {@return whether it was there; if not, it is now} */
  boolean request(int key);

  /** {@return entries that had to leave so far} */
  long evictions();
}
