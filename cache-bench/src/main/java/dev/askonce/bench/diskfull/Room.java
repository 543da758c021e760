package dev.askonce.bench.diskfull;

import java.io.IOException;

/** The room that files have to grow. */
interface Room {
  /** Takes all that is left. */
  void fill() throws IOException;

  /** Gives it back. */
  void free() throws IOException;
}
