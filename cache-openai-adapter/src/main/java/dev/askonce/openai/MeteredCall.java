package dev.askonce.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A call that passes through untouched and is booked, and logged, when its reply was read: as a
 * chat completion of the same model and tokens, since the ledger knows no other. Where the reply
 * has no usage, the ledger counts the texts that are said in the request and in the reply's stream.
 *
 * <p>Threading: one call, whose reply is read by one thread at a time.
 */
final class MeteredCall {
  private static final int OK = 200;
  private static final String JSON = "application/json";

  /** The fields of requests whose texts the model reads. */
  private static final Set<String> TEXTS =
      Set.of("input", "prompt", "instructions", "content", "text", "arguments", "output");

  private final Ledger ledger;
  private final PassedLog log;
  private final CallContext context;
  private final BilledEndpoint endpoint;
  private final byte[] request;
  private final FailOpen failOpen;

  MeteredCall(
      Ledger ledger,
      PassedLog log,
      CallContext context,
      BilledEndpoint endpoint,
      byte[] request,
      FailOpen failOpen) {
    this.endpoint = endpoint;
    this.ledger = ledger;
    this.log = log;
    this.context = context;
    this.request = request;
    this.failOpen = failOpen;
  }

  /** {@return the response, which books itself when its body ends or is closed} */
  HttpResponse answered(HttpResponse response) {
    try {
      String type = Transport.contentType(response);
      if (response.statusCode() != OK) {
        book(response.statusCode(), "", "", Optional.empty(), "");
      } else if (ChatStream.isEventStream(type)) {
        return new Metered(response, new UsageMeter.OfEvents());
      } else if (type.startsWith(JSON)) {
        return new Metered(response, new UsageMeter.OfObject());
      }
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
    return response;
  }

  /** {@return the response of an asynchronous call} Cancelling it cancels the call below. */
  CompletableFuture<HttpResponse> answeredAsync(CompletableFuture<HttpResponse> sent) {
    CompletableFuture<HttpResponse> result = new CompletableFuture<>();
    sent.whenComplete(
        (response, error) -> {
          if (error != null) {
            failed();
            result.completeExceptionally(error);
          } else if (!result.complete(answered(response))) {
            response.close();
          }
        });
    result.whenComplete(
        (response, error) -> {
          if (result.isCancelled()) {
            sent.cancel(true);
          }
        });
    return result;
  }

  /** Books a call that broke. */
  void failed() {
    book(0, "", "", Optional.empty(), "");
  }

  private void book(
      int status, String model, String serviceTier, Optional<ObjectNode> usage, String text) {
    log.replied(status, model, serviceTier, usage);
    try {
      ObjectNode reply = Json.MAPPER.createObjectNode().put("model", model);
      reply.put("service_tier", serviceTier);
      reply.putArray("choices").addObject().putObject("message").put("content", text);
      usage.ifPresent(found -> reply.set("usage", found));
      ChatReply booked =
          new ChatReply(
              status, Map.of(), JSON, Json.MAPPER.writeValueAsBytes(reply), Optional.empty());
      ledger
          .over(new Answered(booked))
          .complete(asChat(usage.isEmpty() || endpoint != BilledEndpoint.EMBEDDINGS), context);
    } catch (Throwable e) {
      failOpen.swallow(e);
    }
  }

  /** {@return a chat with the request's model and, if it is one or they are to count, its texts} */
  private ChatRequest asChat(boolean withTexts) throws IOException {
    ObjectNode chat = Json.MAPPER.createObjectNode();
    if (withTexts) {
      JsonNode json = Json.MAPPER.readTree(request);
      StringBuilder text = new StringBuilder();
      appendTexts(json, false, text);
      chat.put("model", json.path("model").asText(""));
      chat.putArray("messages").addObject().put("role", "user").put("content", text.toString());
    } else {
      // The texts of two thousand embeddings are not worth a tree.
      UsageMeter meter = new UsageMeter.OfObject();
      meter.add(request, 0, request.length);
      chat.put("model", meter.model).putArray("messages");
    }
    return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(chat));
  }

  private static void appendTexts(JsonNode node, boolean named, StringBuilder target) {
    if (node.isTextual() && named) {
      target.append(node.textValue()).append('\n');
    }
    for (JsonNode item : node.isArray() ? node : List.<JsonNode>of()) {
      appendTexts(item, named, target);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      appendTexts(field.getValue(), TEXTS.contains(field.getKey()), target);
    }
  }

  /** Says what was answered already. */
  private record Answered(ChatReply reply) implements ChatClient {
    @Override
    public ChatReply complete(ChatRequest request, CallContext context) {
      return reply;
    }

    @Override
    public ChatStream stream(ChatRequest request, CallContext context) {
      throw new IllegalStateException("booked calls are whole");
    }
  }

  /** A response whose body is looked at as it is read. */
  private final class Metered implements HttpResponse {
    private final HttpResponse response;
    private final UsageMeter meter;
    private final InputStream body;
    private boolean booked;
    private boolean blind;

    Metered(HttpResponse response, UsageMeter meter) {
      this.response = response;
      this.meter = meter;
      this.body = new MeteredBody(response.body());
    }

    @Override
    public int statusCode() {
      return response.statusCode();
    }

    @Override
    public Headers headers() {
      return response.headers();
    }

    @Override
    public InputStream body() {
      return body;
    }

    @Override
    public void close() {
      response.close();
      end();
    }

    private void look(byte[] bytes, int offset, int length) {
      if (blind) {
        return;
      }
      try {
        meter.add(bytes, offset, length);
      } catch (Throwable e) {
        blind = true;
        failOpen.swallow(e);
      }
    }

    private synchronized void end() {
      if (!booked) {
        booked = true;
        book(
            response.statusCode(),
            meter.model,
            meter.serviceTier,
            meter.usage,
            meter.text.toString());
      }
    }

    private final class MeteredBody extends InputStream {
      private final InputStream in;

      MeteredBody(InputStream in) {
        this.in = in;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
          look(target, offset, count);
        } else if (count < 0) {
          end();
        }
        return count;
      }

      @Override
      public int available() throws IOException {
        return in.available();
      }

      @Override
      public void close() throws IOException {
        in.close();
        end();
      }
    }
  }
}
