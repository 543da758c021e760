package dev.askonce.optimizer.send;

import static dev.askonce.optimizer.Wire.ask;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.askonce.optimizer.Wire;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpChatClientTest {
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final CallContext context = CallContext.of("acme", Wire.URL);
  private HttpServer server;
  private HttpChatClient client;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          keys.addAll(exchange.getRequestHeaders().get("Authorization"));
          byte[] body = exchange.getRequestBody().readAllBytes();
          bodies.add(body);
          boolean streams = ChatRequest.parse(body).stream();
          String answer = streams ? Wire.stream("A", "B") : "{\"error\":{\"code\":\"busy\"}}";
          exchange
              .getResponseHeaders()
              .add("content-type", streams ? "text/event-stream" : "application/json");
          exchange.getResponseHeaders().add("retry-after", "7");
          exchange.sendResponseHeaders(streams ? 200 : 429, 0);
          exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    Iterator<String> rotating = List.of("one", "two", "three").iterator();
    URI url =
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chat/completions");
    client = HttpChatClient.to(url).bearer(rotating::next).build();
    assertEquals(url.toString(), client.url());
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void reply_isAsItCame_errorsToo() throws IOException {
    ChatReply reply = client.complete(ask("q"), context);
    assertEquals(429, reply.status());
    assertEquals(
        "{\"error\":{\"code\":\"busy\"}}", new String(reply.body(), StandardCharsets.UTF_8));
    assertEquals(List.of("7"), reply.headers().get("retry-after"));
    assertEquals("application/json", reply.contentType());
    assertArrayEquals(ask("q").body(), bodies.getFirst());
  }

  @Test
  void stream_isAsItCame_andKeysMayChange() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      texts.add(Wire.drain(client.stream(ask("q", "'stream':true"), context)));
    }
    assertEquals(List.of(Wire.stream("A", "B"), Wire.stream("A", "B")), texts);
    assertEquals(List.of("Bearer one", "Bearer two"), keys);
  }

  @Test
  void nobodyThere_isAnIoException() {
    server.stop(0);
    assertThrows(IOException.class, () -> client.complete(ask("q"), context));
  }

  @Test
  void interrupt_endsTheCall_andIsKept() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> client.complete(ask("q"), context));
    assertTrue(Thread.interrupted());
  }
}
