package dev.askonce.bench.diskfull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A small file system in memory, if there is the right to mount one. */
final class Disk implements AutoCloseable {
  private static final String SIZE = "size=24m,mode=0700";

  private final Path path;
  private final Thread hook = new Thread(this::unmountQuietly);

  private Disk(Path path) {
    this.path = path;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** {@return the file system, mounted on a new directory, or empty where that is refused} */
  static Optional<Disk> mount(Path path) throws IOException, InterruptedException {
    Files.createDirectory(path);
    return isDone(List.of("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", path.toString()))
        ? Optional.of(new Disk(path))
        : Optional.empty();
  }

  /** Mounts it again, as {@code ro} or {@code rw}. */
  static void remount(Path path, String how) throws IOException, InterruptedException {
    if (!isDone(List.of("mount", "-o", "remount," + how, path.toString()))) {
      throw new IOException("cannot remount " + path + " as " + how);
    }
  }

  Path path() {
    return path;
  }

  private static boolean isDone(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
      return process.waitFor() == 0;
    } catch (IOException e) {
      // There is no such command here.
      return false;
    }
  }

  private void unmountQuietly() {
    try {
      unmount();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lazily: what is still open there goes when it is closed. */
  private boolean unmount() throws InterruptedException {
    return isDone(List.of("umount", "-l", path.toString()));
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      if (!unmount()) {
        throw new IOException("cannot unmount " + path);
      }
    } catch (IllegalStateException e) {
      // This process is ending: the hook does it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unmounting " + path, e);
    }
  }
}
