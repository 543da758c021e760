package dev.askonce.optimizer.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventReaderTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> events(EventReader reader) throws IOException {
    List<String> events = new ArrayList<>();
    for (ChatEvent event = reader.next(); event != null; event = reader.next()) {
      events.add(new String(event.bytes(), StandardCharsets.UTF_8));
    }
    return events;
  }

  @Test
  void next_splitsAfterBlankLines() throws IOException {
    assertEquals(
        List.of("data: a\n\n", "event: x\r\ndata: b\r\n\r\n", ": ping\n\n", "data: [DONE]\n"),
        events(
            EventReader.over(
                bytes("data: a\n\nevent: x\r\ndata: b\r\n\r\n: ping\n\ndata: [DONE]\n"))));
    assertEquals(List.of(), events(EventReader.over(bytes(""))));
  }

  @Test
  void next_anyBytesInAnyPieces_loseNothing() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] input = new byte[random.nextInt(20_000)];
      byte[] alphabet = bytes("data: {}x\r\n\n\n");
      for (int i = 0; i < input.length; i++) {
        input[i] = alphabet[random.nextInt(alphabet.length)];
      }
      InputStream pieces =
          new ByteArrayInputStream(input) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
              return super.read(target, offset, 1 + random.nextInt(length));
            }
          };
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      List<String> events = events(new EventReader(pieces));
      events.forEach(event -> joined.writeBytes(bytes(event)));
      assertArrayEquals(input, joined.toByteArray(), "seed " + seed);
      assertEquals(events(EventReader.over(input)), events, "seed " + seed);
    }
  }

  @Test
  void next_eventIsHandedOverBeforeMoreIsRead() throws IOException {
    InputStream oneEventThenNothing =
        new InputStream() {
          private boolean given;

          @Override
          public int read() {
            throw new AssertionError("reads ahead");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            if (given) {
              throw new AssertionError("reads ahead");
            }
            given = true;
            byte[] event = bytes("data: 1\n\n");
            System.arraycopy(event, 0, target, offset, event.length);
            return event.length;
          }
        };
    assertEquals("1", new EventReader(oneEventThenNothing).next().json().asText());
  }

  @Test
  void next_endlessEvent_isBounded() throws IOException {
    byte[] input = new byte[3 * EventReader.EVENT_BYTES_MAX];
    EventReader reader = new EventReader(new ByteArrayInputStream(input));
    int total = 0;
    for (ChatEvent event = reader.next(); event != null; event = reader.next()) {
      assertTrue(event.bytes().length <= 2 * EventReader.EVENT_BYTES_MAX);
      total += event.bytes().length;
    }
    assertEquals(input.length, total);
  }

  @Test
  void event_readsItsData() {
    assertEquals(1, new ChatEvent(bytes("event: x\ndata:{\"a\":1}\n\n")).json().path("a").asInt());
    assertTrue(new ChatEvent(bytes("data: [DONE]\r\n\r\n")).isDone());
    assertTrue(new ChatEvent(bytes("data:[DONE]")).isDone());
    assertTrue(new ChatEvent(bytes(": ping\n\n")).isEmpty());
    assertTrue(new ChatEvent(bytes("data:\n\n")).isEmpty());
    assertTrue(new ChatEvent(bytes("data: {\n\n")).json().isMissingNode());
    assertNull(new ChatEvent(bytes("dat")).json().get("a"));
  }
}
