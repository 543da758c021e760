package dev.askonce.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  @TempDir Path directory;

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void setRights(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  /** Run in a process of its own by the test of umasks. */
  public static final class Creator {
    private Creator() {}

    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      PrivateFiles.createDirectory(path);
      PrivateFiles.createFile(path.resolve("file"));
    }
  }

  @Test
  void create_anyUmask_givesRightsToTheOwnerAlone() throws IOException, InterruptedException {
    // A umask that takes rights from the owner is not one to be private by.
    for (String umask : new String[] {"000", "022", "077"}) {
      Path made = directory.resolve("made-" + umask);
      ProcessBuilder builder =
          new ProcessBuilder(
              "sh", "-c", "umask $UMASK; exec \"$JAVA\" -cp \"$CLASSES\" \"$MAIN\" \"$MADE\"");
      builder
          .environment()
          .putAll(
              Map.of(
                  "UMASK", umask,
                  "JAVA", ProcessHandle.current().info().command().orElseThrow(),
                  "CLASSES", System.getProperty("java.class.path"),
                  "MAIN", Creator.class.getName(),
                  "MADE", made.toString()));
      Process process = builder.inheritIO().start();
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      assertEquals(0, process.exitValue());
      assertEquals("rwx------", rights(made));
      assertEquals("rw-------", rights(made.resolve("file")));
    }
  }

  @Test
  void createFile_existing_isAnError() throws IOException {
    Path file = directory.resolve("file");
    PrivateFiles.createFile(file);
    assertThrows(FileAlreadyExistsException.class, () -> PrivateFiles.createFile(file));
  }

  @Test
  void createDirectory_missingParents_areMade() throws IOException {
    Path deep = directory.resolve("a/b/c");
    PrivateFiles.createDirectory(deep);
    assertEquals("rwx------", rights(deep));
    PrivateFiles.createDirectory(deep);
  }

  @Test
  void createDirectory_symbolicLink_isRefused() throws IOException {
    Path target = Files.createDirectory(directory.resolve("target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    Path dangling = Files.createSymbolicLink(directory.resolve("gone"), directory.resolve("x"));
    assertThrows(IOException.class, () -> PrivateFiles.createDirectory(link));
    assertThrows(IOException.class, () -> PrivateFiles.createDirectory(dangling));
    assertFalse(Files.exists(directory.resolve("x")));
  }

  @Test
  void createDirectory_file_isRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThrows(IOException.class, () -> PrivateFiles.createDirectory(file));
  }

  @Test
  void createDirectory_othersCanWrite_isRefused() throws IOException {
    for (String rights : new String[] {"rwxrwx---", "rwx----w-", "rwxrwxrwx"}) {
      Path open = Files.createDirectory(directory.resolve("open-" + rights));
      setRights(open, rights);
      assertThrows(IOException.class, () -> PrivateFiles.createDirectory(open), rights);
    }
    Path readable = Files.createDirectory(directory.resolve("readable"));
    setRights(readable, "rwxr-xr-x");
    PrivateFiles.createDirectory(readable);
    assertEquals("rwxr-xr-x", rights(readable), "what the operator chose stays");
  }

  @Test
  void requireOwn_anotherUsers_isRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    PrivateFiles.requireOwn(file);
    assertTrue(PrivateFiles.isOwn(file, OptionalInt.empty()));
    int owner = (int) Files.getAttribute(file, "unix:uid");
    assertTrue(PrivateFiles.isOwn(file, OptionalInt.of(owner)));
    assertFalse(PrivateFiles.isOwn(file, OptionalInt.of(owner + 1)));
  }
}
