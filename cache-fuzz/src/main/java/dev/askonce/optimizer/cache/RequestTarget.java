package dev.askonce.optimizer.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.fuzz.Input;
import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.cache.Fingerprint.Plan;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Requests, and each with one byte changed: one that cannot be read is refused, and two that share
 * a scope differ in nothing that counts.
 */
public final class RequestTarget implements Target {
  private static final CallContext CONTEXT = CallContext.of("tenant", "https://api/v1");

  private final Fingerprint fingerprint = new Fingerprint(Double.POSITIVE_INFINITY, true);

  /* An input: where a byte is changed, to what, and the body. */

  @Override
  public void run(byte[] bytes) throws IOException {
    Input input = new Input(bytes);
    int at = input.next() << 8 | input.next();
    byte value = (byte) input.next();
    byte[] body = input.rest();
    Optional<ChatRequest> request = parse(body);
    if (request.isEmpty()) {
      return;
    }
    Optional<Plan.Ask> asked = ask(request.get());
    if (asked.isEmpty()) {
      return;
    }
    requireSame(request.get(), asked.get(), Json.MAPPER.writeValueAsBytes(request.get().json()));
    byte[] changed = body.clone();
    changed[at % body.length] = value;
    parse(changed).ifPresent(other -> requireDistinct(request.get(), asked.get(), other));
  }

  private static Optional<ChatRequest> parse(byte[] body) {
    try {
      return Optional.of(ChatRequest.parse(body));
    } catch (ChatException.MalformedRequest e) {
      return Optional.empty();
    }
  }

  private Optional<Plan.Ask> ask(ChatRequest request) {
    return fingerprint.plan(request, CONTEXT) instanceof Plan.Ask ask
        ? Optional.of(ask)
        : Optional.empty();
  }

  /** The same tree in other bytes is the same question. */
  private void requireSame(ChatRequest request, Plan.Ask asked, byte[] written) {
    Optional<ChatRequest> other = parse(written);
    if (other.isPresent() && other.get().json().equals(request.json())) {
      Target.require(ask(other.get()).equals(Optional.of(asked)), "spelling counts");
    }
  }

  private void requireDistinct(ChatRequest request, Plan.Ask asked, ChatRequest other) {
    Optional<Plan.Ask> ask = ask(other);
    if (ask.isPresent() && ask.get().scope().equals(asked.scope())) {
      Target.require(whatCounts(request).equals(whatCounts(other)), "two requests share a scope");
    }
  }

  private static ObjectNode whatCounts(ChatRequest request) {
    ObjectNode rest = request.json().deepCopy();
    rest.remove(Fingerprint.IGNORED.keySet());
    rest.properties().removeIf(field -> field.getValue().isNull());
    ArrayNode messages = (ArrayNode) rest.get("messages");
    for (JsonNode message : messages) {
      if (message instanceof ObjectNode object && object.has("content")) {
        object.set("content", Question.plain(object.get("content")));
      }
    }
    ObjectNode last = (ObjectNode) messages.get(messages.size() - 1);
    JsonNode content = last.get("content");
    if (content.isTextual()) {
      last.put("content", "");
    } else {
      ((ObjectNode) content.get(content.size() - 1)).put("text", "");
    }
    return rest;
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed("{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"why?\"}]}"),
        seed(
            "{\"model\":\"m\",\"n\":1,\"temperature\":0.5,\"user\":\"u\",\"messages\":["
                + "{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}]}"),
        seed(
            "{\"tools\":[{}],\"store\":false,\"metadata\":null,\"seed\":17,\"messages\":"
                + "[{\"content\":[{\"text\":\"\\u00e9\\ud83d\",\"type\":\"text\"}],"
                + "\"role\":\"user\",\"name\":null}]}"));
  }

  private static byte[] seed(String body) {
    return ("\0\13 " + body).getBytes(StandardCharsets.UTF_8);
  }
}
