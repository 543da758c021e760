package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Lever;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The cache lever as a job uses it: with a provider behind it that has nothing to say, it is a
 * lookup; with one that says what is known already, it keeps that. So what may be asked, served and
 * kept is the lever's own decision.
 */
final class CacheDoor {
  private static final int OK = 200;
  private static final String JSON = "application/json";

  private final Optional<Lever> lever;
  private final FailOpen failOpen;

  CacheDoor(Optional<Lever> lever, FailOpen failOpen) {
    this.lever = lever;
    this.failOpen = failOpen;
  }

  /** {@return the reply that the cache has} */
  Optional<ChatReply> lookup(ChatRequest request, CallContext context) {
    if (lever.isEmpty()) {
      return Optional.empty();
    }
    try {
      ChatReply reply = lever.get().over(new Silent()).complete(request, context);
      return reply.avoided().isPresent() ? Optional.of(reply) : Optional.empty();
    } catch (NotCached e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      failOpen.swallow(e);
      return Optional.empty();
    }
  }

  /** Offers a reply to the cache, which keeps what it would keep of any provider. */
  void store(ChatRequest request, CallContext context, JsonNode body) {
    if (lever.isEmpty()) {
      return;
    }
    try {
      byte[] bytes = Json.MAPPER.writeValueAsBytes(body);
      ChatReply reply = new ChatReply(OK, Map.of(), JSON, bytes, Optional.empty());
      lever.get().over(new Saying(reply)).complete(request, context);
    } catch (IOException | RuntimeException e) {
      failOpen.swallow(e);
    }
  }

  /** The only way to leave a lever without a reply and without a trace in the cache. */
  private static final class NotCached extends IOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private static final class Silent implements ChatClient {
    @Override
    public ChatReply complete(ChatRequest request, CallContext context) throws IOException {
      throw new NotCached();
    }

    @Override
    public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
      throw new NotCached();
    }
  }

  private record Saying(ChatReply reply) implements ChatClient {
    @Override
    public ChatReply complete(ChatRequest request, CallContext context) {
      return reply;
    }

    @Override
    public ChatStream stream(ChatRequest request, CallContext context) throws IOException {
      throw new NotCached();
    }
  }
}
