package dev.askonce.bench.evict;

import java.util.Locale;

/** What a cache may hold: so many entries, or so many bytes. */
record Budget(Kind kind, long size) {
  enum Kind {
    ENTRIES,
    BYTES;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  String label() {
    return size + " " + kind.label();
  }

  /** {@return how much of the budget an entry takes} */
  long weight(int bytes) {
    return kind == Kind.ENTRIES ? 1 : bytes;
  }
}
