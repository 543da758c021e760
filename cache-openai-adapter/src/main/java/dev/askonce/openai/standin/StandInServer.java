package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The OpenAI API on the loopback address: chat completions, whole and streamed, embeddings and
 * models. What it says is the responder's, as far as limits and stop sequences let it; usage is
 * counted with the tokenizer.
 *
 * <p>Thread-safe. Each request has a virtual thread, so a responder may block.
 */
public final class StandInServer implements AutoCloseable {
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";
  private static final String JSON = "application/json";

  static {
    // Head and body are written apart; without this, each response may wait 40 ms for an ACK.
    if (System.getProperty(NO_DELAY) == null) {
      System.setProperty(NO_DELAY, "true");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Function<ChatRequest, String> responder;
  private final TokenCounter tokens = new JtokkitCounter();
  private final Sleeper sleeper;
  private final Duration latency;
  private final Duration chunkLatency;
  private final InstantSource clock;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  /** Makes the ids of this server's completions its own. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong chatCalls = new AtomicLong();
  private final AtomicLong embeddingCalls = new AtomicLong();
  private final AtomicLong otherCalls = new AtomicLong();
  private volatile Fault faultAlways = Fault.NONE;

  private StandInServer(Builder builder) {
    responder = builder.responder;
    sleeper = builder.sleeper;
    latency = builder.latency;
    chunkLatency = builder.chunkLatency;
    clock = builder.clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** {@return a server that answers every chat with what the responder says} */
  public static StandInServer start(Function<ChatRequest, String> responder) {
    return builder().responder(responder).start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** {@return the address to give to a client} */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Lets the next chat calls go wrong, one each, in this order. */
  public void failNext(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** Lets all chat calls go wrong that {@link #failNext} does not speak of. */
  public void failAlways(Fault fault) {
    faultAlways = fault;
  }

  /** {@return calls for chat completions, refused ones too} */
  public long chatCalls() {
    return chatCalls.get();
  }

  /** {@return calls for embeddings} */
  public long embeddingCalls() {
    return embeddingCalls.get();
  }

  /** {@return calls for anything else} */
  public long otherCalls() {
    return otherCalls.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try {
      route(exchange, exchange.getRequestURI().getPath());
      // Not in a finally: an exchange left open by an exception is one whose connection is cut.
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionCut();
    }
  }

  private void route(HttpExchange exchange, String path) throws IOException, InterruptedException {
    boolean post = exchange.getRequestMethod().equals("POST");
    exchange.getResponseHeaders().set("x-request-id", "req_" + requests.incrementAndGet());
    if (post && path.endsWith("/chat/completions")) {
      chatCalls.incrementAndGet();
      chat(exchange);
    } else if (post && path.endsWith("/embeddings")) {
      embeddingCalls.incrementAndGet();
      embeddings(exchange);
    } else if (!post && path.endsWith("/models")) {
      otherCalls.incrementAndGet();
      models(exchange);
    } else {
      otherCalls.incrementAndGet();
      error(exchange, ApiError.notFound(path));
    }
  }

  private void chat(HttpExchange exchange) throws IOException, InterruptedException {
    ChatRequest request;
    try {
      request = ChatRequest.parse(exchange.getRequestBody().readAllBytes());
    } catch (ChatException.MalformedRequest e) {
      error(exchange, ApiError.invalid(e.getMessage(), null));
      return;
    }
    Optional<ApiError> refused = RequestShape.chat(request.json());
    if (refused.isPresent()) {
      error(exchange, refused.get());
      return;
    }
    Fault next = faults.poll();
    Fault fault = next == null ? faultAlways : next;
    pause(latency);
    switch (fault) {
      case RATE_LIMITED -> rateLimited(exchange);
      case SERVER_ERROR ->
          error(
              exchange, new ApiError(500, "The server had an error.", "server_error", null, null));
      default -> answer(exchange, request, fault);
    }
  }

  private void answer(HttpExchange exchange, ChatRequest request, Fault fault)
      throws IOException, InterruptedException {
    SaidText said = SaidText.of(request, responder.apply(request), tokens);
    String content = said.content();
    Usage usage = Usage.of(tokens.countInput(request), tokens.count(request.model(), content));
    ChatAnswer answer =
        new ChatAnswer(
            request,
            "chatcmpl-" + run + "-" + requests.get(),
            clock.instant().getEpochSecond(),
            content,
            usage,
            said.cutOff() && fault == Fault.NONE ? Fault.LENGTH : fault);
    if (request.stream()) {
      stream(exchange, answer);
    } else if (fault == Fault.CONNECTION_CUT) {
      byte[] body = Json.MAPPER.writeValueAsBytes(answer.completion());
      exchange.getResponseHeaders().set("content-type", JSON);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      cut(exchange);
    } else {
      send(exchange, 200, answer.completion());
    }
  }

  private void stream(HttpExchange exchange, ChatAnswer answer)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    List<ObjectNode> chunks = answer.chunks();
    boolean early =
        answer.fault() == Fault.TRUNCATED_STREAM || answer.fault() == Fault.CONNECTION_CUT;
    int count = early ? chunks.size() / 2 : chunks.size();
    for (ObjectNode chunk : chunks.subList(0, count)) {
      pause(chunkLatency);
      event(out, Json.MAPPER.writeValueAsString(chunk));
    }
    if (answer.fault() == Fault.CONNECTION_CUT) {
      cut(exchange);
    }
    if (!early) {
      event(out, "[DONE]");
    }
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Leaves the exchange in a way that makes the server drop its connection. */
  private static void cut(HttpExchange exchange) throws IOException {
    exchange.getResponseBody().flush();
    throw new ConnectionCut();
  }

  private static final class ConnectionCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void embeddings(HttpExchange exchange) throws IOException {
    JsonNode request = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    Optional<ApiError> refused = RequestShape.embeddings(request);
    if (refused.isPresent()) {
      error(exchange, refused.get());
    } else {
      send(exchange, 200, Embeddings.answer(request, tokens));
    }
  }

  private void models(HttpExchange exchange) throws IOException {
    ObjectNode root = Json.MAPPER.createObjectNode().put("object", "list");
    for (String id : List.of("gpt-4o", "gpt-4o-mini", "text-embedding-3-small")) {
      ObjectNode model = root.withArray("data").addObject();
      model.put("id", id).put("object", "model").put("created", 0).put("owned_by", "stand-in");
    }
    send(exchange, 200, root);
  }

  private static void rateLimited(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("retry-after", "0");
    exchange.getResponseHeaders().set("retry-after-ms", "1");
    error(
        exchange,
        new ApiError(429, "Rate limit reached.", "requests", null, "rate_limit_exceeded"));
  }

  private static void error(HttpExchange exchange, ApiError error) throws IOException {
    send(exchange, error.status(), error.json());
  }

  private static void send(HttpExchange exchange, int status, JsonNode json) throws IOException {
    byte[] body = Json.MAPPER.writeValueAsBytes(json);
    exchange.getResponseHeaders().set("content-type", JSON);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void pause(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      sleeper.sleep(time);
    }
  }

  /** Stops at once; exchanges under way are cut. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** The settings of a server. Not thread-safe. */
  public static final class Builder {
    private Function<ChatRequest, String> responder = request -> "Yes.";
    private Sleeper sleeper = Thread::sleep;
    private Duration latency = Duration.ZERO;
    private Duration chunkLatency = Duration.ZERO;
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /** What is answered to a request. Default: yes. */
    public Builder responder(Function<ChatRequest, String> value) {
      responder = value;
      return this;
    }

    /** How to wait for the latencies. Default: asleep. */
    public Builder sleeper(Sleeper value) {
      sleeper = value;
      return this;
    }

    /** Time before each chat's answer. Default none. */
    public Builder latency(Duration value) {
      latency = value;
      return this;
    }

    /** Time before each chunk of a stream. Default none. */
    public Builder chunkLatency(Duration value) {
      chunkLatency = value;
      return this;
    }

    /** The clock of {@code created}. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public StandInServer start() {
      return new StandInServer(this);
    }
  }
}
