package dev.askonce.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream of the pipeline as a response of the SDK, whose body is the events as they arrive. */
final class StreamedReply implements HttpResponse {
  private final ChatStream stream;
  private final Headers headers;
  private final InputStream body;

  StreamedReply(ChatStream stream, ReplyHeaders headers) {
    this.stream = stream;
    this.headers =
        headers.of(
            stream.status(),
            stream.headers(),
            stream.contentType(),
            CacheUse.of(stream.status(), stream.avoided(), stream.missed()));
    this.body = new EventBytes(stream);
  }

  @Override
  public int statusCode() {
    return stream.status();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    stream.close();
  }

  /** The bytes of a stream, never more than one event ahead of its reader. */
  private static final class EventBytes extends InputStream {
    private static final byte[] NOTHING = new byte[0];

    private final ChatStream stream;
    private byte[] event = NOTHING;
    private int position;
    private boolean ended;

    EventBytes(ChatStream stream) {
      this.stream = stream;
    }

    private boolean hasBytes() throws IOException {
      while (position == event.length && !ended) {
        ChatEvent next = stream.next();
        ended = next == null;
        event = ended ? NOTHING : next.bytes();
        position = 0;
      }
      return !ended;
    }

    @Override
    public int read() throws IOException {
      return hasBytes() ? event[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      if (!hasBytes()) {
        return -1;
      }
      int count = Math.min(length, event.length - position);
      System.arraycopy(event, position, target, offset, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return event.length - position;
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
