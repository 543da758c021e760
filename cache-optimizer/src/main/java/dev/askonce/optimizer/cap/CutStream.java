package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.EventReader;
import dev.askonce.optimizer.chat.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The events of a stream until a limit or a condition is reached; then a proper end of our own, and
 * the provider's stream is closed. Not thread-safe, but for {@link #close}.
 *
 * <p>The usage that a caller may have asked for is missing then, as it is in the API where a stream
 * is interrupted.
 */
final class CutStream extends InputStream {
  private static final byte[] NOTHING = {};

  private final ChatStream upstream;
  private final CapLever lever;
  private final String model;
  private final long tokensMax;
  private final StopCondition.Scanner scanner;
  private final StringBuilder text = new StringBuilder();
  private byte[] bytes = NOTHING;
  private int at;
  private long count;
  private boolean watching = true;
  private boolean over;

  private CutStream(ChatStream upstream, CapPlan plan, CapLever lever) {
    this.upstream = upstream;
    this.lever = lever;
    model = plan.sent().model();
    tokensMax = plan.visibleTokensMax();
    scanner =
        plan.condition().map(StopCondition::begin).orElse(piece -> StopCondition.Scanner.GO_ON);
  }

  static ChatStream over(ChatStream upstream, CapPlan plan, CapLever lever) {
    CutStream cut = new CutStream(upstream, plan, lever);
    return new ChatStream(
        upstream.status(),
        upstream.headers(),
        upstream.contentType(),
        new EventReader(cut),
        upstream,
        upstream.avoided());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (at == bytes.length) {
      if (over) {
        return -1;
      }
      pull();
    }
    int copied = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, offset, copied);
    at += copied;
    return copied;
  }

  private void pull() throws IOException {
    ChatEvent event = upstream.next();
    at = 0;
    if (event == null) {
      over = true;
      bytes = NOTHING;
    } else {
      bytes = passed(event);
    }
  }

  /** {@return what the reader sees instead of an event, mostly the event} */
  private byte[] passed(ChatEvent event) {
    if (watching && !event.isDone() && !event.isEmpty()) {
      try {
        return watched(event);
      } catch (Throwable e) {
        watching = false;
        lever.failOpen().swallow(e);
      }
    }
    return event.bytes();
  }

  private byte[] watched(ChatEvent event) throws JsonProcessingException {
    JsonNode choice = event.json().path("choices").path(0);
    JsonNode delta = choice.path("delta");
    if (choice.hasNonNull("finish_reason") || !delta.path("tool_calls").isEmpty()) {
      watching = false;
      return event.bytes();
    }
    String piece = delta.path("content").asText("");
    if (piece.isEmpty() || !(event.json() instanceof ObjectNode chunk)) {
      return event.bytes();
    }
    int kept = scanner.accept(piece);
    if (kept != StopCondition.Scanner.GO_ON) {
      lever.streamsStopped.increment();
      return end(withContent(chunk, piece.substring(0, kept)), chunk, "stop");
    }
    if (isTooLong(piece)) {
      lever.streamsCut.increment();
      return end(NOTHING, chunk, "length");
    }
    return event.bytes();
  }

  /** Counts piece by piece, which is never too few, and the whole only where that is too many. */
  private boolean isTooLong(String piece) {
    if (tokensMax == Long.MAX_VALUE) {
      return false;
    }
    text.append(piece);
    count += lever.tokens().count(model, piece);
    if (count > tokensMax) {
      count = lever.tokens().count(model, text.toString());
    }
    return count > tokensMax;
  }

  private byte[] end(byte[] last, ObjectNode chunk, String finishReason)
      throws JsonProcessingException {
    over = true;
    upstream.close();
    ObjectNode end = copy(chunk);
    ObjectNode choice = end.putArray("choices").addObject();
    choice.put("index", 0).putObject("delta");
    choice.putNull("logprobs").put("finish_reason", finishReason);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(last);
    out.writeBytes(event(Json.MAPPER.writeValueAsString(end)));
    out.writeBytes(event("[DONE]"));
    return out.toByteArray();
  }

  private static byte[] withContent(ObjectNode chunk, String content)
      throws JsonProcessingException {
    if (content.isEmpty()) {
      return NOTHING;
    }
    ObjectNode copy = copy(chunk).deepCopy();
    ((ObjectNode) copy.path("choices").path(0).path("delta")).put("content", content);
    return event(Json.MAPPER.writeValueAsString(copy));
  }

  /** {@return the chunk without the padding that hides its length} */
  private static ObjectNode copy(ObjectNode chunk) {
    ObjectNode copy = chunk.objectNode().setAll(chunk);
    copy.remove("obfuscation");
    return copy;
  }

  private static byte[] event(String data) {
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    upstream.close();
  }
}
