package dev.askonce.engine.internal.base;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of fixed length, mapped for reading and writing until it is closed.
 *
 * <p>The length is written out with zeros at creation and never changes: a sparse file on a full
 * disk would end the process with SIGBUS at a plain store. Nobody may use the address after {@link
 * #close}; the owner closes only when no reader is left.
 */
public final class MappedFile implements AutoCloseable {
  private static final int ZERO_BYTES = 1 << 20;

  private final Path path;
  private final Arena arena;
  private final MemorySegment segment;

  private MappedFile(Path path, Arena arena, MemorySegment segment) {
    this.path = path;
    this.arena = arena;
    this.segment = segment;
  }

  /**
   * Maps {@code path}, which is created full of zeros where it is missing or shorter.
   *
   * @throws IOException if the file is longer than asked or cannot be written out
   */
  public static MappedFile open(Path path, long bytes) throws IOException {
    if (!Files.exists(path)) {
      PrivateFiles.createFile(path);
    }
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long length = channel.size();
      if (length > bytes) {
        throw new DamagedFileException(
            path.getFileName() + " has " + length + " bytes, expected " + bytes);
      }
      fillWithZeros(channel, length, bytes);
      Arena arena = Arena.ofShared();
      try {
        return new MappedFile(
            path, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
      } catch (IOException | RuntimeException e) {
        arena.close();
        throw e;
      }
    }
  }

  private static void fillWithZeros(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer zeros =
        ByteBuffer.allocateDirect((int) Math.min(ZERO_BYTES, Math.max(to - from, 0)));
    for (long position = from; position < to; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - position));
      position += channel.write(zeros, position);
    }
  }

  public Path path() {
    return path;
  }

  public long address() {
    return segment.address();
  }

  public long bytes() {
    return segment.byteSize();
  }

  /** Writes all changed pages to the disk. */
  public void force() {
    segment.force();
    Disk.forced(path);
  }

  @Override
  public void close() {
    arena.close();
  }
}
