package dev.askonce.openai.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.send.Sleeper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The OpenAI API on the loopback address: chat completions, responses and the older completions,
 * whole and streamed, embeddings, files, batches and models. A batch moves one step each time it is
 * looked at. What it says is the responder's, as far as limits and stop sequences let it; usage is
 * counted with the tokenizer. It can speak in the {@link Dialect} of others, at any path that ends
 * as the API's.
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
  private final TokenCounter tokens;
  private final Sleeper sleeper;
  private final Duration latency;
  private final Duration chunkLatency;
  private final InstantSource clock;
  private final Dialect dialect;
  private final OptionalLong requestsPerMinute;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  /** Makes the ids of this server's completions its own. */
  private final String run = UUID.randomUUID().toString().substring(0, 8);

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong chatCalls = new AtomicLong();
  private final AtomicLong embeddingCalls = new AtomicLong();
  private final AtomicLong otherCalls = new AtomicLong();
  private final BatchDesk batches;
  private volatile Fault faultAlways = Fault.NONE;

  private StandInServer(Builder builder) {
    responder = builder.responder;
    tokens = builder.tokens;
    sleeper = builder.sleeper;
    latency = builder.latency;
    chunkLatency = builder.chunkLatency;
    clock = builder.clock;
    dialect = builder.dialect;
    requestsPerMinute = builder.requestsPerMinute;
    batches = new BatchDesk(request -> chatAnswer(request, Fault.NONE).completion(), clock);
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

  /** Lets the next batches go wrong, one each, in this order. */
  public void failNextBatches(BatchFault... next) {
    batches.failNext(List.of(next));
  }

  /** {@return batches that were created} */
  public int batchCount() {
    return batches.batchCount();
  }

  /** {@return requests that batches answered, which is what they are billed for} */
  public long batchAnswers() {
    return batches.answered();
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
      rateLimitHeaders(exchange, chatCalls.get());
      if (dialect == Dialect.AZURE && isWithoutVersion(exchange)) {
        error(exchange, new ApiError(404, "Resource not found", "", null, "404"));
      } else {
        chat(exchange);
      }
    } else if (post && (path.endsWith("/responses") || path.endsWith("/completions"))) {
      otherCalls.incrementAndGet();
      text(exchange, path.endsWith("/responses"));
    } else if (post && path.endsWith("/embeddings")) {
      embeddingCalls.incrementAndGet();
      embeddings(exchange);
    } else if (!post && path.endsWith("/models")) {
      otherCalls.incrementAndGet();
      models(exchange);
    } else if (!BatchDesk.served(path).isEmpty()) {
      otherCalls.incrementAndGet();
      batch(exchange, path);
    } else {
      otherCalls.incrementAndGet();
      error(exchange, ApiError.notFound(path));
    }
  }

  /** {@return whether a path of Azure's deployments comes without the version that it needs} */
  private static boolean isWithoutVersion(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    return exchange.getRequestURI().getPath().contains("/deployments/")
        && (query == null || !query.contains("api-version="));
  }

  private void rateLimitHeaders(HttpExchange exchange, long call) {
    requestsPerMinute.ifPresent(
        limit -> {
          Headers headers = exchange.getResponseHeaders();
          headers.set("x-ratelimit-limit-requests", Long.toString(limit));
          headers.set("x-ratelimit-remaining-requests", Long.toString(Math.max(0, limit - call)));
          headers.set("x-ratelimit-reset-requests", "1m0s");
        });
  }

  private void chat(HttpExchange exchange) throws IOException, InterruptedException {
    ChatRequest request;
    try {
      request = ChatRequest.parse(exchange.getRequestBody().readAllBytes());
    } catch (ChatException.MalformedRequest e) {
      error(exchange, ApiError.invalid(e.getMessage(), null));
      return;
    }
    Optional<ApiError> refused = RequestShape.chat(request.json(), dialect.refusesUnknownFields());
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
    ChatAnswer answer = chatAnswer(request, fault);
    if (request.stream()) {
      stream(exchange, answer);
    } else if (fault == Fault.CONNECTION_CUT) {
      byte[] body = Json.MAPPER.writeValueAsBytes(dialect.completion(answer.completion()));
      exchange.getResponseHeaders().set("content-type", JSON);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      cut(exchange);
    } else {
      send(exchange, 200, dialect.completion(answer.completion()));
    }
  }

  /** Serves responses and the older completions. */
  private void text(HttpExchange exchange, boolean isResponse)
      throws IOException, InterruptedException {
    JsonNode request = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    Optional<ApiError> refused = RequestShape.text(request, isResponse ? "input" : "prompt");
    if (refused.isPresent()) {
      error(exchange, refused.get());
      return;
    }
    pause(latency);
    ChatRequest chat = TextAnswer.asChat(request);
    String content = responder.apply(chat);
    Usage usage = Usage.of(tokens.countInput(chat), tokens.count(chat.model(), content));
    String id = (isResponse ? "resp_" : "cmpl_") + run + requests.get();
    TextAnswer answer =
        new TextAnswer(request, id, clock.instant().getEpochSecond(), content, usage);
    if (!request.path("stream").asBoolean()) {
      send(exchange, 200, isResponse ? answer.response() : answer.completion());
      return;
    }
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (ObjectNode event : isResponse ? answer.responseEvents() : answer.completionChunks()) {
      pause(chunkLatency);
      if (isResponse) {
        out.write(("event: " + event.get("type").asText() + "\n").getBytes(StandardCharsets.UTF_8));
      }
      event(out, Json.MAPPER.writeValueAsString(event));
    }
    if (!isResponse) {
      event(out, "[DONE]");
    }
  }

  private ChatAnswer chatAnswer(ChatRequest request, Fault fault) {
    SaidText said = SaidText.of(request, responder.apply(request), tokens);
    String content = said.content();
    Usage usage = Usage.of(tokens.countInput(request), tokens.count(request.model(), content));
    return new ChatAnswer(
        request,
        "chatcmpl-" + run + "-" + requests.get(),
        clock.instant().getEpochSecond(),
        content,
        usage,
        said.cutOff() && fault == Fault.NONE ? Fault.LENGTH : fault);
  }

  private void stream(HttpExchange exchange, ChatAnswer answer)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    List<ObjectNode> chunks = dialect.chunks(answer.chunks());
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
      send(exchange, 200, Embeddings.answer(request, tokens, dialect.knowsBase64()));
    }
  }

  private void batch(HttpExchange exchange, String path) throws IOException {
    Map<String, String> query = new HashMap<>();
    String asked = exchange.getRequestURI().getQuery();
    for (String pair : asked == null ? new String[0] : asked.split("&")) {
      int equals = pair.indexOf('=');
      query.put(pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
    }
    BatchDesk.Answer answer =
        batches.answer(
            exchange.getRequestMethod(),
            BatchDesk.served(path),
            query,
            exchange.getRequestHeaders().getFirst("content-type"),
            exchange.getRequestBody().readAllBytes());
    switch (answer) {
      case BatchDesk.Answer.Body(ObjectNode json) -> send(exchange, 200, json);
      case BatchDesk.Answer.Refusal(ApiError refusal) -> error(exchange, refusal);
      case BatchDesk.Answer.Cut() -> throw new ConnectionCut();
      case BatchDesk.Answer.Content(byte[] bytes) -> {
        exchange.getResponseHeaders().set("content-type", "application/octet-stream");
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
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

  private void rateLimited(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("retry-after", "0");
    exchange.getResponseHeaders().set("retry-after-ms", "1");
    error(
        exchange,
        new ApiError(429, "Rate limit reached.", "requests", null, "rate_limit_exceeded"));
  }

  private void error(HttpExchange exchange, ApiError error) throws IOException {
    send(exchange, error.status(), dialect.error(error));
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
    private TokenCounter tokens = new JtokkitCounter();
    private Sleeper sleeper = Thread::sleep;
    private Duration latency = Duration.ZERO;
    private Duration chunkLatency = Duration.ZERO;
    private InstantSource clock = InstantSource.system();
    private Dialect dialect = Dialect.OPENAI;
    private OptionalLong requestsPerMinute = OptionalLong.empty();

    private Builder() {}

    /** Whose server to speak like. Default the published API. */
    public Builder dialect(Dialect value) {
      dialect = value;
      return this;
    }

    /**
     * Chat completions say in their headers that this is the limit and what is left of it since the
     * start; nobody is refused. Default: they say nothing.
     */
    public Builder requestsPerMinute(long value) {
      requestsPerMinute = OptionalLong.of(value);
      return this;
    }

    /** What is answered to a request. Default: yes. */
    public Builder responder(Function<ChatRequest, String> value) {
      responder = value;
      return this;
    }

    /** Counts the usage. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
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
