package dev.askonce.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a {@link VectorFile}, row after row, beside its place; {@link #commit} moves it there, and
 * a file that was not committed is deleted. Not thread-safe.
 */
public final class VectorWriter implements AutoCloseable {
  private static final String UNFINISHED = ".unfinished";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path target;
  private final Path unfinished;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * @throws InputException if the target's directory does not exist
   */
  public VectorWriter(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    if (Files.isDirectory(absolute) || !Files.isDirectory(absolute.getParent())) {
      throw new InputException(target + " is a directory, or in one that does not exist");
    }
    this.target = absolute;
    unfinished = absolute.resolveSibling(absolute.getFileName() + UNFINISHED);
    channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  public void write(float[] row) throws IOException {
    for (float component : row) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      buffer.putFloat(component);
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Puts the finished file into its place, over an earlier one. */
  public void commit() throws IOException {
    drain();
    channel.close();
    Files.move(
        unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(unfinished);
  }
}
