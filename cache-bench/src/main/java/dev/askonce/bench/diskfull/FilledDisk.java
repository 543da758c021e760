package dev.askonce.bench.diskfull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The room on a small file system, taken by one large file. */
final class FilledDisk implements Room {
  private static final int PIECE_BYTES = 1 << 16;
  private static final long BYTES_MAX = 1L << 30;

  private final Path filler;

  FilledDisk(Path disk) {
    filler = disk.resolve("filler");
  }

  @Override
  public void fill() throws IOException {
    try (FileChannel channel =
        FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int bytes = PIECE_BYTES; bytes > 0; bytes /= 2) {
        writeWhileThereIsRoom(channel, ByteBuffer.allocate(bytes));
      }
    }
  }

  private static void writeWhileThereIsRoom(FileChannel channel, ByteBuffer piece)
      throws IOException {
    try {
      while (channel.size() < BYTES_MAX) {
        channel.write(piece.clear());
      }
    } catch (IOException e) {
      // The disk is full, which is what was wanted.
      return;
    }
    throw new FileSystemException("the file system is not a small one");
  }

  @Override
  public void free() throws IOException {
    Files.deleteIfExists(filler);
  }
}
