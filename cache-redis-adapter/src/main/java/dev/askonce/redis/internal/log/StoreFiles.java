package dev.askonce.redis.internal.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files beside those of a store, in its directory and by its rules: only their owner reads them,
 * from their creation on; a file being made has a name of its own; what cannot be used is moved
 * aside.
 */
final class StoreFiles {
  private static final Set<PosixFilePermission> FILE_RIGHTS =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY_RIGHTS =
      PosixFilePermissions.fromString("rwx------");

  private StoreFiles() {}

  /** {@return the name of a file while it is being made} */
  static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".unfinished");
  }

  /** Creates an empty file in the place of what may be left of an earlier one. */
  static void create(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, rights(file, FILE_RIGHTS));
  }

  /** Gives a file that was made its own name, at once. */
  static void finish(Path file) throws IOException {
    Files.move(
        unfinished(file),
        file,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes the names in a directory to the disk, where the system lets a directory be opened. */
  static void forceNames(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Moves a file into a new directory beside it. {@return where it is} */
  static Path moveAside(Path file, long nowMillis) throws IOException {
    Path aside = file.resolveSibling("aside-" + nowMillis);
    for (int i = 1; Files.exists(aside); i++) {
      aside = file.resolveSibling("aside-" + nowMillis + "-" + i);
    }
    Files.createDirectory(aside, rights(file, DIRECTORY_RIGHTS));
    return Files.move(file, aside.resolve(file.getFileName()));
  }

  private static FileAttribute<?>[] rights(Path path, Set<PosixFilePermission> rights) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
