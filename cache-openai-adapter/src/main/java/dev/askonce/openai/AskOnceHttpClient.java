package dev.askonce.openai;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.WebSocketClient;
import com.openai.errors.OpenAIIoException;
import dev.askonce.optimizer.Pipeline;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.ledger.RequestLog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An HTTP client of the SDK that sends chat completions through a {@link Pipeline} and everything
 * else straight on. It looks at the end of the path alone, so any base address works: OpenAI's,
 * Azure's with its deployments, or that of a compatible server.
 *
 * <p>Responses, embeddings and the older completions pass through untouched too, but what they are
 * billed is booked in the pipeline's ledger. Where the pipeline has a request log, it has a line
 * for each of them and for whatever else is posted, which is not read.
 *
 * <p>Request headers, which are for this client; no header {@code x-askonce-*} is ever sent on:
 *
 * <ul>
 *   <li>{@code x-askonce-endpoint}: the name of the calling place in the ledger;
 *   <li>{@code x-askonce-cache: off}: this request is not answered from the cache, nor kept;
 *   <li>{@code x-askonce-ttl}: how many seconds the answer may be kept, at most the cache's limit;
 *       0 means as {@code x-askonce-cache: off};
 *   <li>{@code x-askonce-interactive: off}: nobody waits for the answer, so it may be batched;
 *   <li>{@code x-askonce-tier}: {@code budget}, {@code standard} or {@code reasoning};
 *   <li>{@code x-askonce-task}: the name of a {@link Task}, such as {@code extraction}.
 * </ul>
 *
 * <p>A tier or task of an unknown name, or a time that is no whole number, counts as none.
 *
 * <p>Response header of chat completions: {@code x-askonce-cache}, never a similarity.
 *
 * <ul>
 *   <li>{@code hit}: answered from the cache; {@code x-askonce-hit} then has the {@link
 *       dev.askonce.engine.HitId} by which it can be reported as wrong;
 *   <li>{@code miss}: the cache was asked, and the provider answered;
 *   <li>{@code bypass}: the cache was not asked, since the request opted out, has no tenant, is of
 *       a kind that is not cached, or the pipeline has no cache.
 * </ul>
 *
 * <p>Errors are those of the provider, status, headers and body, and the SDK retries them as it
 * would. An error that a lever made without asking the provider carries {@code x-should-retry:
 * false}, unless the lever says otherwise, so that the SDK reports it at once.
 *
 * <p>A request that waits for the answer to an equal one waits no longer than its own timeout; if
 * it then has to be sent, that timeout begins anew.
 *
 * <p>Threading: called by many threads at once. An asynchronous call runs on a virtual thread of
 * its own; cancelling its future cancels the call below.
 */
public final class AskOnceHttpClient implements HttpClient, WebSocketClient {
  /** Says of a response what the cache did for it; {@code off} on a request opts out. */
  public static final String CACHE_HEADER = "x-askonce-cache";

  /** Names the calling place on a request. */
  public static final String ENDPOINT_HEADER = "x-askonce-endpoint";

  /** Says on a request how many seconds its answer may be kept. */
  public static final String TTL_HEADER = "x-askonce-ttl";

  /** {@code off} on a request says that nobody waits for its answer, so that it may be batched. */
  public static final String INTERACTIVE_HEADER = "x-askonce-interactive";

  /** Insists on a {@link Tier} on a request, by name. */
  public static final String TIER_HEADER = "x-askonce-tier";

  /** Says on a request what kind of work it is, by the name of a {@link Task}. */
  public static final String TASK_HEADER = "x-askonce-task";

  private static final long SECONDS_MAX = Duration.ofDays(36_525).toSeconds();

  private static final String OWN_HEADERS = "x-askonce-";

  private final HttpClient delegate;
  private final Pipeline pipeline;
  private final Function<Headers, Optional<String>> tenant;
  private final Function<Headers, String> principal;
  private final String endpoint;
  private final Optional<String> provider;
  private final boolean tellsHits;
  private final boolean booksAll;
  private final boolean logsCalls;
  private final FailOpen metering;

  private AskOnceHttpClient(Builder builder) {
    delegate = builder.delegate;
    pipeline = builder.pipeline;
    tenant = builder.tenant;
    principal = builder.principal;
    endpoint = builder.endpoint;
    provider = builder.provider;
    tellsHits = builder.tellsHits;
    booksAll = builder.booksAll;
    logsCalls = pipeline.levers().stream().anyMatch(RequestLog.class::isInstance);
    metering = new FailOpen("metering", InstantSource.system());
  }

  /**
   * {@return a builder of a client around {@code delegate}} It needs a tenant.
   *
   * @param delegate sends what is not answered here; closed with this client
   */
  public static Builder builder(HttpClient delegate, Pipeline pipeline) {
    return new Builder(delegate, pipeline);
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    Optional<BilledEndpoint> billed = BilledEndpoint.of(request);
    if (billed.isPresent() && billed.get() == BilledEndpoint.CHAT_COMPLETIONS) {
      return answer(request, options, outgoing -> delegate.execute(outgoing, options));
    }
    HttpRequest outgoing = withoutOwnHeaders(request);
    if (billed.isEmpty() || !booksAll) {
      return passed(request, options, () -> delegate.execute(outgoing, options));
    }
    byte[] body = BytesBody.read(request.body());
    MeteredCall call = metered(billed.get(), request, options, body);
    try {
      return call.answered(delegate.execute(Transport.withBody(outgoing, body), options));
    } catch (RuntimeException e) {
      call.failed();
      throw e;
    }
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    Optional<BilledEndpoint> billed = BilledEndpoint.of(request);
    if (billed.isPresent() && billed.get() == BilledEndpoint.CHAT_COMPLETIONS) {
      return answerAsync(request, options);
    }
    HttpRequest outgoing = withoutOwnHeaders(request);
    if (billed.isEmpty() || !booksAll) {
      Optional<PassedLog> log = unread(request, options);
      CompletableFuture<HttpResponse> sent = delegate.executeAsync(outgoing, options);
      // Not the future of that: cancelling the caller's is to cancel the call.
      log.ifPresent(line -> sent.whenComplete(line::headed));
      return sent;
    }
    byte[] body = BytesBody.read(request.body());
    MeteredCall call = metered(billed.get(), request, options, body);
    return call.answeredAsync(delegate.executeAsync(Transport.withBody(outgoing, body), options));
  }

  private HttpResponse passed(
      HttpRequest request, RequestOptions options, Supplier<HttpResponse> call) {
    Optional<PassedLog> log = unread(request, options);
    HttpResponse response;
    try {
      response = call.get();
    } catch (RuntimeException e) {
      log.ifPresent(line -> line.headed(null, e));
      throw e;
    }
    log.ifPresent(line -> line.headed(response, null));
    return response;
  }

  /** {@return the log of a call of which nobody reads the body} Questions of state are no calls. */
  private Optional<PassedLog> unread(HttpRequest request, RequestOptions options) {
    if (request.method() != HttpMethod.POST || !logsCalls) {
      return Optional.empty();
    }
    String api = String.join("/", request.pathSegments());
    CallContext context = context(request, options);
    return Optional.of(PassedLog.of(pipeline, context, api, Optional.empty(), metering));
  }

  private MeteredCall metered(
      BilledEndpoint billed, HttpRequest request, RequestOptions options, byte[] body) {
    CallContext context = context(request, options);
    PassedLog log = PassedLog.of(pipeline, context, billed.api(), Optional.of(body), metering);
    return new MeteredCall(pipeline.ledger(), log, context, billed, body, metering);
  }

  private CompletableFuture<HttpResponse> answerAsync(HttpRequest request, RequestOptions options) {
    CompletableFuture<HttpResponse> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("askonce-call")
            .unstarted(
                () -> {
                  try {
                    HttpResponse response =
                        answer(
                            request,
                            options,
                            outgoing -> Transport.await(delegate, outgoing, options));
                    if (!result.complete(response)) {
                      response.close();
                    }
                  } catch (Throwable e) {
                    result.completeExceptionally(e);
                  }
                });
    result.whenComplete(
        (response, error) -> {
          if (result.isCancelled()) {
            thread.interrupt();
          }
        });
    thread.start();
    return result;
  }

  private HttpResponse answer(
      HttpRequest request, RequestOptions options, Transport.Sender sender) {
    byte[] body = BytesBody.read(request.body());
    HttpRequest outgoing = withoutOwnHeaders(request);
    ChatRequest chat;
    try {
      chat = ChatRequest.parse(body);
    } catch (ChatException.MalformedRequest e) {
      // What is wrong with it is for the API to say.
      return sender.send(Transport.withBody(outgoing, body));
    }
    Transport transport = new Transport(outgoing, sender);
    ChatClient client = pipeline.over(transport);
    CallContext context = context(request, options);
    try {
      if (chat.stream()) {
        ChatStream stream = client.stream(chat, context);
        return new StreamedReply(stream, new ReplyHeaders(transport.used(), tellsHits));
      }
      ChatReply reply = client.complete(chat, context);
      return BufferedReply.of(reply, new ReplyHeaders(transport.used(), tellsHits));
    } catch (IOException e) {
      // As the SDK's own client reports it, and its retries expect it.
      throw new OpenAIIoException("Request failed", e);
    }
  }

  private CallContext context(HttpRequest request, RequestOptions options) {
    Headers headers = request.headers();
    Optional<Duration> ttl = first(headers, TTL_HEADER).flatMap(AskOnceHttpClient::seconds);
    CallContext context =
        CallContext.to(url(request))
            .endpoint(first(headers, ENDPOINT_HEADER).orElse(endpoint))
            .principal(principal.apply(headers))
            .cached(!isOff(headers, CACHE_HEADER) && !ttl.filter(Duration::isZero).isPresent())
            .interactive(!isOff(headers, INTERACTIVE_HEADER));
    context = with(context, tenant.apply(headers), CallContext::tenant);
    context = with(context, ttl.filter(Duration::isPositive), CallContext::ttl);
    context = with(context, waitMax(options), CallContext::waitMax);
    context = with(context, first(headers, TIER_HEADER).flatMap(Tier::of), CallContext::tier);
    return with(context, first(headers, TASK_HEADER).flatMap(Task::of), CallContext::task);
  }

  private static <T> CallContext with(
      CallContext context, Optional<T> value, BiFunction<CallContext, T, CallContext> setter) {
    return value.map(given -> setter.apply(context, given)).orElse(context);
  }

  /** {@return a number of seconds; longer ones than a century, which no cache keeps, are cut} */
  private static Optional<Duration> seconds(String text) {
    return text.matches("[0-9]{1,18}")
        ? Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(text), SECONDS_MAX)))
        : Optional.empty();
  }

  private static boolean isOff(Headers headers, String name) {
    return first(headers, name).filter("off"::equalsIgnoreCase).isPresent();
  }

  /**
   * {@return the time that the caller gives a request, if it says; to the SDK, zero is no limit}
   */
  private static Optional<Duration> waitMax(RequestOptions options) {
    return Optional.ofNullable(options.getTimeout())
        .map(Timeout::request)
        .filter(Duration::isPositive);
  }

  /** {@return the address without its query, which on Azure holds no more than a version} */
  private String url(HttpRequest request) {
    return provider.orElse(request.baseUrl()) + "/" + String.join("/", request.pathSegments());
  }

  private static Optional<String> first(Headers headers, String name) {
    List<String> values = headers.values(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  private static HttpRequest withoutOwnHeaders(HttpRequest request) {
    HttpRequest.Builder builder = null;
    for (String name : request.headers().names()) {
      if (name.toLowerCase(Locale.ROOT).startsWith(OWN_HEADERS)) {
        builder = builder == null ? request.toBuilder() : builder;
        builder.removeHeaders(name);
      }
    }
    return builder == null ? request : builder.build();
  }

  @Override
  public CompletableFuture<Connection> connectWebSocket(
      HttpRequest request, RequestOptions options, int queued, Listener listener) {
    return delegate instanceof WebSocketClient sockets
        ? sockets.connectWebSocket(withoutOwnHeaders(request), options, queued, listener)
        : CompletableFuture.failedFuture(
            new UnsupportedOperationException("the HTTP client below has no web sockets"));
  }

  /** Closes the client below. */
  @Override
  public void close() {
    delegate.close();
  }

  /** The settings of a client. Not thread-safe. */
  public static final class Builder {
    private final HttpClient delegate;
    private final Pipeline pipeline;
    private Function<Headers, Optional<String>> tenant;
    private Function<Headers, String> principal = headers -> "";
    private String endpoint = CallContext.ENDPOINT_DEFAULT;
    private Optional<String> provider = Optional.empty();
    private boolean tellsHits = true;
    private boolean booksAll = true;

    private Builder(HttpClient delegate, Pipeline pipeline) {
      this.delegate = delegate;
      this.pipeline = pipeline;
    }

    /** All requests are this tenant's. */
    public Builder tenant(String name) {
      if (name.isBlank()) {
        throw new ChatException.InvalidSetting("the tenant is blank");
      }
      return tenant(headers -> Optional.of(name));
    }

    /** Tells the tenant by the headers of a request; requests without one are not cached. */
    public Builder tenant(Function<Headers, Optional<String>> resolver) {
      tenant = resolver;
      return this;
    }

    /** Tells by the headers of a request who is answerable for what it stores. Default: nobody. */
    public Builder principal(Function<Headers, String> resolver) {
      principal = resolver;
      return this;
    }

    /** The ledger's name for requests that carry none. */
    public Builder endpoint(String tag) {
      endpoint = tag;
      return this;
    }

    /**
     * Names the provider in scopes, in place of the base address: for one provider that is reached
     * at changing addresses. Default: the base address, so that another one is another scope.
     */
    public Builder provider(String name) {
      provider = Optional.of(name);
      return this;
    }

    /** Whether responses say if they are hits, misses or neither. Default true. */
    public Builder tellsHits(boolean value) {
      tellsHits = value;
      return this;
    }

    /**
     * Whether the ledger also books calls that pass through: responses, embeddings and the older
     * completions. Default true.
     */
    public Builder booksAll(boolean value) {
      booksAll = value;
      return this;
    }

    public AskOnceHttpClient build() {
      if (tenant == null) {
        throw new ChatException.InvalidSetting("say whose requests these are: tenant(...)");
      }
      return new AskOnceHttpClient(this);
    }
  }
}
