package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.ChatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process, or a second job of this one, from a job's directory. */
final class JobLock implements AutoCloseable {
  private final FileChannel channel;

  private JobLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * {@return the lock of a directory, held}
   *
   * @throws ChatException.InvalidJob if somebody else holds it
   */
  static JobLock of(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw new ChatException.InvalidJob("another process works on the job in " + directory);
    }
    return new JobLock(channel);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
