package dev.askonce.optimizer.chat;

import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Streams of events: the same events however the bytes come, and joined they are the bytes. */
public final class EventsTarget implements Target {
  private static final int RECORDED_BYTES_MAX = 256;

  /* An input: how many bytes one read gives at most, and the stream. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    int step = 1 + input.next();
    byte[] stream = input.rest();
    ByteArrayInputStream inPieces =
        new ByteArrayInputStream(stream) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(step, length));
          }
        };
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    StreamRecorder recorder = new StreamRecorder(RECORDED_BYTES_MAX);
    try (EventReader whole = EventReader.over(stream);
        EventReader pieces = new EventReader(inPieces)) {
      for (ChatEvent event = whole.next(); event != null; event = whole.next()) {
        ChatEvent other = pieces.next();
        Target.require(
            other != null && Arrays.equals(event.bytes(), other.bytes()), "another event");
        Target.require(event.bytes().length > 0, "an event of nothing");
        joined.writeBytes(event.bytes());
        event.isDone();
        event.json();
        recorder.add(event);
      }
      Target.require(pieces.next() == null, "an event more");
    }
    Target.require(Arrays.equals(joined.toByteArray(), stream), "not all of the stream");
    StreamEnd end = recorder.end(StreamEnd.Cause.values()[0]);
    Target.require(
        end.recorded().isEmpty() || Arrays.equals(end.recorded().get(), stream), "recorded");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed(
            "\2data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},"
                + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"),
        seed("\7: alive\r\n\r\nevent: x\r\ndata:{\"error\":{}}\r\n\r\ndata: {\"usage\":{}}"));
  }

  private static byte[] seed(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
