package dev.askonce.engine.internal.base;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where bytes are read from by position: a file channel's, or what stands for one. */
public interface ByteSource {
  /**
   * Reads some bytes, as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)} does.
   *
   * @return how many, or -1 at the end
   */
  int read(ByteBuffer target, long from) throws IOException;
}
