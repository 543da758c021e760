package dev.askonce.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.Overhead;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.ServiceTier;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Price;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.RouteStatistics;
import dev.askonce.optimizer.route.RouteLever;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The shortest way from a prompt to an answer: a {@link Pipeline} for callers who have texts and no
 * API client. Thread-safe.
 *
 * <pre>{@code
 * LlmRouter router = LlmRouter.builder(pipeline, transport, "acme").build();
 * RoutedAnswer answer = router.complete(Prompt.of("What is the refund policy?"));
 * }</pre>
 */
public final class LlmRouter {
  private static final int OK = 200;

  private final ChatClient routed;
  private final ChatClient unrouted;
  private final Optional<RouteLever> lever;
  private final String tenant;
  private final String url;
  private final String model;
  private final double temperature;
  private final Prices prices;
  private final TokenCounter tokens;
  private final InstantSource clock;
  private final LongAdder total = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder budget = new LongAdder();
  private final LongAdder standard = new LongAdder();

  private LlmRouter(Builder builder) {
    Lever[] others =
        builder.pipeline.levers().stream()
            .filter(one -> !(one instanceof RouteLever))
            .toArray(Lever[]::new);
    routed = builder.pipeline.over(builder.transport);
    unrouted = Pipeline.of(builder.pipeline.ledger(), others).over(builder.transport);
    lever =
        builder.pipeline.levers().stream()
            .filter(RouteLever.class::isInstance)
            .map(RouteLever.class::cast)
            .findFirst();
    tenant = builder.tenant;
    url = builder.url;
    model = builder.model;
    temperature = builder.temperature;
    prices = builder.prices;
    tokens = builder.tokens;
    clock = builder.clock;
  }

  /**
   * {@return a builder}
   *
   * @param pipeline with a cache lever, a {@link RouteLever} or any others
   * @param transport leads to the provider
   * @param tenant whose prompts these are; nobody else sees their answers
   */
  public static Builder builder(Pipeline pipeline, ChatClient transport, String tenant) {
    return new Builder(pipeline, transport, tenant);
  }

  /**
   * {@return the answer}
   *
   * @throws ChatException.ProviderError if the provider answered with an error
   * @throws IOException if the exchange broke
   */
  public RoutedAnswer complete(Prompt prompt) throws IOException {
    total.increment();
    CallContext context = context(prompt);
    ChatRequest request = request(prompt);
    ChatReply reply = (prompt.model().isPresent() ? unrouted : routed).complete(request, context);
    boolean hit = reply.avoided().isPresent();
    count(hit, request, context);
    if (reply.status() != OK) {
      throw new ChatException.ProviderError(reply.status(), code(reply));
    }
    Completion completion = reply.completion();
    OptionalLong cost = hit ? OptionalLong.of(0) : cost(request, completion, context);
    return new RoutedAnswer(prompt, completion.content(), completion.model(), hit, cost);
  }

  /** {@return what was done until now} */
  public RouteStatistics statistics() {
    return new RouteStatistics(total.sum(), hits.sum(), budget.sum(), standard.sum());
  }

  private CallContext context(Prompt prompt) {
    CallContext context = CallContext.of(tenant, url).endpoint(prompt.endpoint());
    // A named model is asked by itself: as with a tier, no answer of the router's choice will do.
    Optional<Tier> tier = prompt.model().isPresent() ? Optional.of(Tier.STANDARD) : prompt.tier();
    context = tier.map(context::tier).orElse(context);
    return prompt.ttl().map(context::ttl).orElse(context);
  }

  private ChatRequest request(Prompt prompt) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("model", prompt.model().orElse(model));
    ArrayNode messages = fields.putArray("messages");
    if (!prompt.system().isEmpty()) {
      messages.addObject().put("role", "system").put("content", prompt.system());
    }
    messages.addObject().put("role", "user").put("content", prompt.text());
    return ChatRequest.of(fields.put("temperature", temperature));
  }

  private void count(boolean hit, ChatRequest request, CallContext context) {
    if (hit) {
      hits.increment();
      return;
    }
    String sent = request.model();
    for (Effect effect : context.effects().all()) {
      sent = effect instanceof Routed routed ? routed.to() : sent;
    }
    String name = sent;
    boolean cheap =
        lever
            .flatMap(known -> known.model(Tier.BUDGET, context))
            .filter(known -> known.name().equalsIgnoreCase(name))
            .isPresent();
    (cheap ? budget : standard).increment();
  }

  private OptionalLong cost(ChatRequest request, Completion completion, CallContext context) {
    Usage usage = completion.usage().orElseGet(() -> tokens.estimate(request, completion));
    OptionalLong sum = cost(completion.model(), usage, completion.serviceTier());
    for (Effect effect : context.effects().all()) {
      if (effect instanceof Overhead own) {
        OptionalLong more = cost(own.model(), own.usage(), own.serviceTier());
        sum =
            sum.isPresent() && more.isPresent()
                ? OptionalLong.of(Math.addExact(sum.getAsLong(), more.getAsLong()))
                : OptionalLong.empty();
      }
    }
    return sum;
  }

  private OptionalLong cost(String name, Usage usage, ServiceTier tier) {
    Optional<Price> price = prices.of(url, name, clock.instant(), tier);
    return price.isPresent()
        ? OptionalLong.of(price.get().nanoDollars(usage))
        : OptionalLong.empty();
  }

  private static String code(ChatReply reply) {
    try {
      JsonNode error = Json.MAPPER.readTree(reply.body()).path("error");
      return error.path("code").asText(error.path("type").asText(""));
    } catch (IOException e) {
      return "";
    }
  }

  /** The settings of a router. Not thread-safe. */
  public static final class Builder {
    private final Pipeline pipeline;
    private final ChatClient transport;
    private final String tenant;
    private String url = "";
    private String model = "gpt-4o";
    private double temperature = 0.2;
    private Prices prices = Prices.november2025();
    private TokenCounter tokens = new JtokkitCounter();
    private InstantSource clock = InstantSource.system();

    private Builder(Pipeline pipeline, ChatClient transport, String tenant) {
      if (tenant.isBlank()) {
        throw new ChatException.InvalidSetting("the tenant is blank");
      }
      this.pipeline = pipeline;
      this.transport = transport;
      this.tenant = tenant;
    }

    /** Names the provider in the cache's scopes. Needed where one cache serves several. */
    public Builder url(String value) {
      url = value;
      return this;
    }

    /** The model to ask where nobody routes: the standard tier's. Default {@code gpt-4o}. */
    public Builder model(String name) {
      model = name;
      return this;
    }

    /** The temperature to ask at. Default 0.2. */
    public Builder temperature(double value) {
      if (!(value >= 0)) {
        throw new ChatException.InvalidSetting("temperature " + value + " is negative");
      }
      temperature = value;
      return this;
    }

    /** What answers cost. Default {@link Prices#november2025}. */
    public Builder prices(Prices value) {
      prices = value;
      return this;
    }

    /** Counts where the provider does not. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** The clock of prices. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public LlmRouter build() {
      return new LlmRouter(this);
    }
  }
}
