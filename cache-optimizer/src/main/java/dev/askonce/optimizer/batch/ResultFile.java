package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The results of a job, one line each, appended as they come; of two for one item an answer counts,
 * or else the later. What a crash left half-written at the end is cut off. Not thread-safe.
 */
final class ResultFile implements AutoCloseable {
  /** What is known of an item. */
  private enum Known {
    ANSWER,
    RETRYABLE,
    FAILURE
  }

  private final FileChannel channel;
  private final Known[] known;
  private final long[] offsets;
  private final int[] lengths;
  private long end;

  private ResultFile(FileChannel channel, int items) {
    this.channel = channel;
    known = new Known[items];
    offsets = new long[items];
    lengths = new int[items];
  }

  static ResultFile open(Path file, int items) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      ResultFile results = new ResultFile(channel, items);
      InputStream in = Channels.newInputStream(channel);
      results.end =
          Lines.readWhole(
              in,
              (offset, line) -> {
                JsonNode node = Json.MAPPER.readTree(line);
                results.note(node.path("index").asInt(-1), parse(node), offset, line.length);
              });
      channel.truncate(results.end);
      return results;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** Keeps a result; on the disk after {@link #force}. */
  void add(int index, ItemResult result) throws IOException {
    ObjectNode node = Json.MAPPER.createObjectNode().put("index", index);
    node.put("source", result.source().name()).put("attempt", result.attempt());
    node.put("status", result.status()).put("request", result.requestId());
    node.put("code", result.errorCode()).put("message", result.errorMessage());
    node.set("body", result.body());
    byte[] json = Json.MAPPER.writeValueAsBytes(node);
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    long start = end;
    // Where the disk is full, the next line is written over what this one left.
    while (line.hasRemaining()) {
      channel.write(line, start + line.position());
    }
    end = start + line.limit();
    note(index, result, start, json.length);
  }

  private void note(int index, ItemResult result, long offset, int length) {
    if (index < 0 || index >= known.length || (isAnswered(index) && !result.isAnswer())) {
      return;
    }
    known[index] =
        result.isAnswer() ? Known.ANSWER : result.isRetryable() ? Known.RETRYABLE : Known.FAILURE;
    offsets[index] = offset;
    lengths[index] = length;
  }

  void force() throws IOException {
    channel.force(true);
  }

  boolean isAnswered(int index) {
    return known[index] == Known.ANSWER;
  }

  /** {@return whether another try may help} True for an item that nothing is known of. */
  boolean isRetryable(int index) {
    return known[index] == null || known[index] == Known.RETRYABLE;
  }

  /** {@return whether it failed for good} */
  boolean isFailure(int index) {
    return known[index] == Known.FAILURE;
  }

  Optional<ItemResult> read(int index) throws IOException {
    if (known[index] == null) {
      return Optional.empty();
    }
    ByteBuffer line = ByteBuffer.allocate(lengths[index]);
    while (line.hasRemaining()) {
      if (channel.read(line, offsets[index] + line.position()) < 0) {
        throw new IOException("the file of results is shorter than it was");
      }
    }
    return Optional.of(parse(Json.MAPPER.readTree(line.array())));
  }

  private static ItemResult parse(JsonNode node) {
    return new ItemResult(
        ItemResult.Source.valueOf(node.path("source").asText()),
        node.path("attempt").asInt(),
        node.path("status").asInt(),
        node.path("request").asText(),
        node.path("body"),
        node.path("code").asText(),
        node.path("message").asText());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
