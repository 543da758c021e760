package dev.askonce.text;

import dev.askonce.engine.spi.Embedding;

/** What one worker thread embeds with; used and closed by that thread alone. */
interface TextEncoder extends AutoCloseable {
  Embedding encode(String text) throws Exception;

  @Override
  void close();
}
