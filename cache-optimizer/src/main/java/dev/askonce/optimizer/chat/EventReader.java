package dev.askonce.optimizer.chat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits bytes into server-sent events without changing or losing one: the events joined are the
 * input. An event is handed over as soon as its blank line is there. Not thread-safe.
 *
 * <p>Lines end with LF or CRLF; the format's lone CR, which no known provider sends, ends none, so
 * that such a stream passes as one event. What follows the last blank line is an event of its own.
 */
public final class EventReader implements AutoCloseable {
  /** An event longer than this is handed over in pieces, which are then no valid events. */
  public static final int EVENT_BYTES_MAX = 1 << 20;

  private final InputStream in;
  private byte[] buffer;
  private int start;
  private int scanned;
  private int end;
  private boolean lineHasText;

  public EventReader(InputStream in) {
    this.in = in;
    this.buffer = new byte[4096];
  }

  /** {@return a reader of events that are there already; {@code bytes} is not copied} */
  public static EventReader over(byte[] bytes) {
    return new EventReader(bytes);
  }

  private EventReader(byte[] bytes) {
    this.in = null;
    this.buffer = bytes;
    this.end = bytes.length;
  }

  /** {@return the next event, or null after the last} */
  public ChatEvent next() throws IOException {
    while (true) {
      while (scanned < end) {
        byte b = buffer[scanned++];
        if (b != '\n') {
          lineHasText |= b != '\r';
        } else if (lineHasText) {
          lineHasText = false;
        } else {
          return take();
        }
      }
      if (end - start >= EVENT_BYTES_MAX || !fill()) {
        return start < end ? take() : null;
      }
    }
  }

  private ChatEvent take() {
    ChatEvent event = new ChatEvent(Arrays.copyOfRange(buffer, start, scanned));
    start = scanned;
    return event;
  }

  private boolean fill() throws IOException {
    if (in == null) {
      return false;
    }
    if (end == buffer.length) {
      int kept = end - start;
      byte[] target = kept > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
      System.arraycopy(buffer, start, target, 0, kept);
      buffer = target;
      scanned -= start;
      end = kept;
      start = 0;
    }
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, count);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
