package dev.askonce.optimizer.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads lines as bytes, with their places. */
final class Lines {
  private Lines() {}

  /** Takes one line, without its end. */
  interface Reader {
    void read(long offset, byte[] line) throws IOException;
  }

  /**
   * {@return where the last whole line ends} What follows it, the rest of a write that a crash cut
   * short, is not read.
   */
  static long readWhole(InputStream in, Reader reader) throws IOException {
    return read(in, reader, false);
  }

  /** Reads all lines, the last one even if nothing ends it. */
  static void readAll(InputStream in, Reader reader) throws IOException {
    read(in, reader, true);
  }

  private static long read(InputStream in, Reader reader, boolean unended) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(in, 1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long start = 0;
    long offset = 0;
    for (int b = bytes.read(); b >= 0; b = bytes.read()) {
      offset++;
      if (b != '\n') {
        line.write(b);
        continue;
      }
      take(reader, start, line);
      start = offset;
    }
    if (unended) {
      take(reader, start, line);
    }
    return start;
  }

  private static void take(Reader reader, long start, ByteArrayOutputStream line)
      throws IOException {
    if (line.size() > 0) {
      reader.read(start, line.toByteArray());
      line.reset();
    }
  }
}
