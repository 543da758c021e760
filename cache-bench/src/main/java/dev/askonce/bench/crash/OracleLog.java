package dev.askonce.bench.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file of events, each handed to the operating system before {@link #append} returns, so that
 * they outlive the process whenever it is killed. Not thread-safe.
 */
final class OracleLog implements AutoCloseable {
  private static final int READ_EVENTS = 4096;

  private final FileChannel channel;

  private OracleLog(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens a log, creating it where it is missing, and tells all that is in it. */
  static OracleLog open(Path file, Consumer<Event> reader) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      long whole = read(channel, file, reader);
      // A process that was killed inside a write may have left part of an event.
      channel.truncate(whole);
      channel.position(whole);
      return new OracleLog(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static long read(FileChannel channel, Path file, Consumer<Event> reader)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(READ_EVENTS * Event.BYTES);
    long position = 0;
    while (channel.read(buffer, position + buffer.position()) > 0) {
      int whole = buffer.position() / Event.BYTES * Event.BYTES;
      for (int from = 0; from < whole; from += Event.BYTES) {
        Optional<Event> event = Event.decode(buffer.slice(from, Event.BYTES));
        if (event.isEmpty()) {
          throw new IOException(file + " is damaged at byte " + (position + from));
        }
        reader.accept(event.get());
      }
      buffer.limit(buffer.position()).position(whole);
      buffer.compact();
      position += whole;
    }
    return position;
  }

  void append(Event event) {
    try {
      ByteBuffer bytes = event.encode();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the oracle cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
