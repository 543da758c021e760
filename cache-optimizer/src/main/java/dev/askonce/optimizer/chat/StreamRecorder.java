package dev.askonce.optimizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.Optional;

/** Keeps the bytes of a stream's events and puts its answer together. Not thread-safe. */
public final class StreamRecorder {
  /** No provider numbers its choices higher; a larger index breaks the answer. */
  private static final int CHOICE_INDEX_MAX = 127;

  private int recordedBytesMax;
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream(2048);
  private final StringBuilder content = new StringBuilder();
  private final BitSet choices = new BitSet();
  private String model = "";
  private Optional<String> finishReason = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private ServiceTier serviceTier = ServiceTier.STANDARD;
  private boolean refused;
  private boolean toolCalls;
  private boolean broken;
  private boolean overflowed;

  /**
   * @param recordedBytesMax a stream of more bytes is not kept; its answer is put together anyway
   */
  public StreamRecorder(int recordedBytesMax) {
    this.recordedBytesMax = recordedBytesMax;
  }

  /** Raises the limit on bytes to at least this. Call before the first event. */
  void atLeast(int bytesMax) {
    recordedBytesMax = Math.max(recordedBytesMax, bytesMax);
  }

  /** Takes the next event. */
  public void add(ChatEvent event) {
    if (!overflowed && recorded.size() + event.bytes().length <= recordedBytesMax) {
      recorded.writeBytes(event.bytes());
    } else {
      overflowed = true;
    }
    if (!event.isDone() && !event.isEmpty()) {
      addChunk(event.json());
    }
  }

  private void addChunk(JsonNode json) {
    if (!(json instanceof ObjectNode chunk) || chunk.hasNonNull("error")) {
      broken = true;
      return;
    }
    if (model.isEmpty()) {
      model = chunk.path("model").asText("");
    }
    usage = Usage.read(chunk.get("usage")).or(() -> usage);
    if (chunk.hasNonNull("service_tier")) {
      serviceTier = ServiceTier.of(chunk);
    }
    for (JsonNode choice : chunk.path("choices")) {
      addChoice(choice);
    }
  }

  private void addChoice(JsonNode choice) {
    int index = choice.path("index").asInt(0);
    if (index < 0 || index > CHOICE_INDEX_MAX) {
      broken = true;
      return;
    }
    choices.set(index);
    if (index != 0) {
      return;
    }
    JsonNode delta = choice.path("delta");
    content.append(Completion.text(delta.path("content")));
    refused |= Completion.isRefusal(delta);
    toolCalls |= Completion.callsTools(delta);
    if (choice.hasNonNull("finish_reason")) {
      finishReason = Optional.of(choice.get("finish_reason").asText());
    }
  }

  /** {@return what was taken so far, ended by {@code cause}} */
  public StreamEnd end(StreamEnd.Cause cause) {
    Completion completion =
        new Completion(
            model,
            choices.cardinality(),
            finishReason,
            content.toString(),
            refused,
            toolCalls,
            usage,
            serviceTier,
            broken);
    return new StreamEnd(
        completion, overflowed ? Optional.empty() : Optional.of(recorded.toByteArray()), cause);
  }
}
