package dev.askonce.engine.internal.base;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Directories and files that only their owner can read: the rights are given at creation, so that
 * there is no moment in which another user could open them.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> DIRECTORY_RIGHTS =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE_RIGHTS =
      PosixFilePermissions.fromString("rw-------");

  /** What the system tells of this process, on Linux. */
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Its last number is the user in whose name files are made. */
  private static final Pattern USER = Pattern.compile("(?m)^Uid:.*\\s(\\d+)$");

  private static final OptionalInt USER_ID = userId();

  private PrivateFiles() {}

  /** Creates an empty file; an existing one is an error. */
  public static void createFile(Path path) throws IOException {
    Files.createFile(path, attributes(path, FILE_RIGHTS));
  }

  /**
   * Creates a directory where there is none, its parents included.
   *
   * @throws IOException if the path is a symbolic link or not a directory, or an existing directory
   *     is another user's or can be written by others
   */
  public static void createDirectory(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      throw new IOException(path + " is a symbolic link");
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try {
        Files.createDirectory(path, attributes(path, DIRECTORY_RIGHTS));
      } catch (FileAlreadyExistsException e) {
        // Another opener was faster; the checks below and the lock decide who goes on.
      }
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is not a directory");
    }
    if (isPosix(path)) {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
      if (rights.contains(PosixFilePermission.GROUP_WRITE)
          || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IOException(path + " can be written by other users; remove that right first");
      }
      requireOwn(path);
    }
  }

  /** Refuses what another user owns, who could change it at any time. */
  public static void requireOwn(Path path) throws IOException {
    if (isPosix(path) && !isOwn(path, USER_ID)) {
      throw new IOException(
          path
              + " belongs to "
              + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
              + " and not to the user who runs this process");
    }
  }

  /**
   * {@return whether a user owns something}
   *
   * @param user by number, since in a container it may have no name; empty where it is not known
   */
  static boolean isOwn(Path path, OptionalInt user) throws IOException {
    return user.isPresent()
        ? Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user.getAsInt())
        : Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
            .getName()
            .equals(System.getProperty("user.name"));
  }

  /** {@return in whose name this process makes files, where the system tells} */
  private static OptionalInt userId() {
    try {
      Matcher matcher = USER.matcher(Files.readString(STATUS));
      return matcher.find()
          ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
          : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> rights) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rights)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
