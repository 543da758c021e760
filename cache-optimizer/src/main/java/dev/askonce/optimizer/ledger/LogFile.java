package dev.askonce.optimizer.ledger;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Lines appended to a file that only its owner may read, which makes room for a new one when it is
 * full: {@code calls.jsonl} becomes {@code calls.jsonl.1}, that {@code calls.jsonl.2}, and the
 * oldest goes. Used by one thread.
 */
final class LogFile implements AutoCloseable {
  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path file;
  private final long bytesMax;
  private final int filesMax;
  private final boolean posix;
  private FileChannel channel;
  private OutputStream out;
  private long size;

  LogFile(Path file, long bytesMax, int filesMax) throws IOException {
    this.file = file.toAbsolutePath();
    this.bytesMax = bytesMax;
    this.filesMax = filesMax;
    posix = Files.getFileAttributeView(this.file.getParent(), PosixFileAttributeView.class) != null;
    open();
  }

  private void open() throws IOException {
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    FileChannel opened = FileChannel.open(file, OPTIONS, attributes);
    try {
      if (posix) {
        // A file that was there already may be open to others.
        Files.setPosixFilePermissions(file, OWNER_ONLY);
      }
      size = opened.size();
      if (size > 0 && endsWithin(opened)) {
        opened.position(size);
        size += opened.write(ByteBuffer.wrap(new byte[] {'\n'}));
      }
      opened.position(size);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    channel = opened;
    out = new BufferedOutputStream(Channels.newOutputStream(opened), 1 << 16);
  }

  /** {@return whether the last line was cut short, by a full disk or the end of a process} */
  private boolean endsWithin(FileChannel opened) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return opened.read(last, size - 1) == 1 && last.get(0) != '\n';
  }

  /**
   * @throws IOException if it cannot be written; then this line and others since the last {@link
   *     #flush} may be lost, and the next begins a new one
   */
  void append(String line) throws IOException {
    byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
    try {
      if (channel == null) {
        open();
      }
      if (size > 0 && size + bytes.length > bytesMax) {
        rotate();
      }
      out.write(bytes);
      size += bytes.length;
    } catch (IOException e) {
      abandon();
      throw e;
    }
  }

  private void rotate() throws IOException {
    close();
    for (int i = filesMax - 1; i >= 1; i--) {
      Path from = i == 1 ? file : older(i - 1);
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, older(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (filesMax == 1) {
      Files.delete(file);
    }
    open();
  }

  private Path older(int age) {
    return file.resolveSibling(file.getFileName() + "." + age);
  }

  void flush() throws IOException {
    if (channel != null) {
      try {
        out.flush();
      } catch (IOException e) {
        abandon();
        throw e;
      }
    }
  }

  /** Closes without writing what is buffered: some of it may be in the file already. */
  private void abandon() throws IOException {
    FileChannel abandoned = channel;
    channel = null;
    out = null;
    if (abandoned != null) {
      abandoned.close();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
    abandon();
  }
}
