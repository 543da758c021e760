package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Arrays;

/**
 * One server-sent event: its bytes as they came, with the blank line that ends it. Not thread-safe.
 *
 * <p>The format is that of the HTML standard, §9.2; chat completions use the {@code data} field
 * alone, one line an event.
 */
public final class ChatEvent {
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};
  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final byte[] bytes;
  private final int dataStart;
  private final int dataEnd;
  private JsonNode json;

  public ChatEvent(byte[] bytes) {
    this.bytes = bytes;
    int start = dataStart(bytes);
    int end = start;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    dataStart = start;
    dataEnd = end;
  }

  /** {@return where the value of the first {@code data} line begins, or the length} */
  private static int dataStart(byte[] bytes) {
    for (int line = 0; line < bytes.length; line++) {
      int value = line + FIELD.length;
      if (value <= bytes.length && Arrays.equals(bytes, line, value, FIELD, 0, FIELD.length)) {
        return value < bytes.length && bytes[value] == ' ' ? value + 1 : value;
      }
      while (line < bytes.length && bytes[line] != '\n') {
        line++;
      }
    }
    return bytes.length;
  }

  /** {@return the bytes of the event; not to be changed} */
  public byte[] bytes() {
    return bytes;
  }

  /** {@return whether this is the mark that a stream is complete} */
  public boolean isDone() {
    return Arrays.equals(bytes, dataStart, dataEnd, DONE, 0, DONE.length);
  }

  /** {@return whether the event carries no data: a comment that keeps the connection alive} */
  public boolean isEmpty() {
    return dataStart == dataEnd;
  }

  /** {@return the data as JSON, or a missing node where it is none; read at the first call} */
  public JsonNode json() {
    if (json == null) {
      try {
        json = Json.TREES.readTree(bytes, dataStart, dataEnd - dataStart);
      } catch (IOException e) {
        json = MissingNode.getInstance();
      }
    }
    return json;
  }
}
