package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests of a job, one line each; of equal ones the first alone has its body. Written once
 * and never changed. Reading is not thread-safe.
 */
final class ItemFile implements AutoCloseable {
  private final List<Item> items;
  private final FileChannel channel;

  private ItemFile(List<Item> items, FileChannel channel) {
    this.items = items;
    this.channel = channel;
  }

  /** {@return the file as it was written} */
  static ItemFile open(Path file) throws IOException {
    List<Item> items = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    try (InputStream in = Files.newInputStream(file)) {
      Lines.readWhole(
          in,
          (offset, line) -> {
            JsonNode node = Json.MAPPER.readTree(line);
            int index = items.size();
            int same = node.path("same").asInt(index);
            items.add(
                new Item(
                    index,
                    node.path("id").asText(),
                    same,
                    node.path("key").asText(),
                    name(names, node.path("body").path("model").asText()),
                    name(names, node.path("tenant").asText()),
                    name(names, node.path("url").asText()),
                    name(names, node.path("endpoint").asText()),
                    offset,
                    line.length));
          });
    }
    return new ItemFile(items, FileChannel.open(file));
  }

  private static String name(Map<String, String> names, String name) {
    return names.computeIfAbsent(name, known -> known);
  }

  List<Item> items() {
    return items;
  }

  /** {@return the request of an item that is the first of its like} */
  ChatRequest request(Item item) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(item.length());
    while (line.hasRemaining()) {
      if (channel.read(line, item.offset() + line.position()) < 0) {
        throw new IOException("the file of items is shorter than it was");
      }
    }
    JsonNode body = Json.MAPPER.readTree(line.array()).path("body");
    return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(body));
  }

  /** {@return the context that an item's call had, as far as the cache asks} */
  static CallContext context(Item item) {
    CallContext context = CallContext.to(item.url()).endpoint(item.endpoint()).interactive(false);
    return item.tenant().isEmpty() ? context : context.tenant(item.tenant());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Writes the file and finds out which requests are equal. */
  static final class Writer implements AutoCloseable {
    private final Path file;
    private final OutputStream out;
    private final boolean deduplicates;
    private final Map<RequestKey, Integer> firsts = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private int count;

    Writer(Path file, boolean deduplicates) throws IOException {
      this.file = file;
      this.deduplicates = deduplicates;
      out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /**
     * {@return the index of the first request that is equal to this one, which may be itself}
     *
     * @throws ChatException.InvalidJob if the batch service cannot take it
     */
    int add(BatchCall call) throws IOException {
      if (!ids.add(call.id())) {
        throw new ChatException.InvalidJob("the id \"" + call.id() + "\" is there twice");
      }
      ChatRequest request = call.request();
      if (request.model().isEmpty() || request.messages().isEmpty()) {
        throw new ChatException.InvalidJob(
            "the request \"" + call.id() + "\" has no model or no messages");
      }
      if (request.stream()) {
        throw new ChatException.InvalidJob(
            "the request \"" + call.id() + "\" asks for a stream, which a batch cannot give");
      }
      RequestKey key = RequestKey.of(request, call.context());
      int index = count++;
      Integer known = deduplicates ? firsts.putIfAbsent(key, index) : null;
      ObjectNode line = Json.MAPPER.createObjectNode();
      line.put("id", call.id()).put("key", key.toString());
      call.context().tenant().ifPresent(tenant -> line.put("tenant", tenant));
      line.put("url", call.context().url()).put("endpoint", call.context().endpoint());
      if (known != null) {
        line.put("same", known);
      } else {
        line.set("body", request.json());
      }
      out.write(Json.MAPPER.writeValueAsBytes(line));
      out.write('\n');
      return known != null ? known : index;
    }

    /** Brings the file to the disk. */
    @Override
    public void close() throws IOException {
      out.close();
      DurableFiles.force(file);
    }
  }
}
