package dev.askonce.bench.diskfull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What can be wrong with a file of a store before it is opened. */
enum FileFault {
  MISSING {
    @Override
    void befall(Path file, Path outside) throws IOException {
      Files.delete(file);
    }
  },
  DIRECTORY {
    @Override
    void befall(Path file, Path outside) throws IOException {
      Files.delete(file);
      Files.createDirectory(file);
    }
  },
  /** A link to what it was. */
  SYMLINK {
    @Override
    void befall(Path file, Path outside) throws IOException {
      Files.move(file, outside);
      Files.createSymbolicLink(file, outside);
    }
  },
  /** A link to nothing. */
  DANGLING_SYMLINK {
    @Override
    void befall(Path file, Path outside) throws IOException {
      Files.delete(file);
      Files.createSymbolicLink(file, outside);
    }
  },
  EMPTY {
    @Override
    void befall(Path file, Path outside) throws IOException {
      truncate(file, 0);
    }
  },
  HALF {
    @Override
    void befall(Path file, Path outside) throws IOException {
      truncate(file, Files.size(file) / 2);
    }
  },
  BYTE_SHORT {
    @Override
    void befall(Path file, Path outside) throws IOException {
      truncate(file, Math.max(0, Files.size(file) - 1));
    }
  };

  /**
   * Does it.
   *
   * @param outside a path outside of the store where nothing is
   */
  abstract void befall(Path file, Path outside) throws IOException;

  private static void truncate(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
  }
}
