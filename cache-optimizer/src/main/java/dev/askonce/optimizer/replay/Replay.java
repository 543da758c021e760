package dev.askonce.optimizer.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.engine.SemanticCache;
import dev.askonce.optimizer.cache.CacheLever;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatReply;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.Effects.Effect;
import dev.askonce.optimizer.chat.Effects.Routed;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.Lever.Stage;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.cost.TokenCounter;
import dev.askonce.optimizer.ledger.LogTexts;
import dev.askonce.optimizer.ledger.LoggedCall;
import dev.askonce.optimizer.replay.PlayedCall.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Sends logged calls through levers, with the log as the provider, and says what each lever would
 * have saved: alone, and together with the others in the order cache, route, compress, cap, batch.
 *
 * <p>What is taken for granted: another model uses as many tokens as the logged one; an answer with
 * a lower limit is the logged one cut there; calls without a tenant are one tenant's. Memory does
 * not grow with the log, but for the cache's store. Not thread-safe.
 */
public final class Replay {
  /** The tenant of calls that name none. */
  private static final String TENANT = "log";

  private static final String URL = "replay";
  private static final int OK = 200;
  private static final int MALFORMED_LINES_MAX = 20;
  private static final int MODELS_MAX = 100;

  private final LogClock clock;
  private final Optional<SemanticCache> cache;
  private final Optional<Lever> cacheLever;
  private final List<Lever> aloneLevers;
  private final List<Lever> togetherLevers;
  private final List<Account> accounts;
  private final TokenCounter tokens;
  private final Optional<PromptCacheModel> promptCacheAlone;
  private final Optional<PromptCacheModel> promptCacheTogether;
  private final Tally tally = new Tally();

  /** What is counted beside the money. */
  static final class Tally {
    long requests;
    long passedThrough;
    long failed;
    long hits;
    long otherAnswers;
    long misses;
    long malformed;
    long outOfOrder;
    long estimated;
    long withoutTexts;
    final List<String> measured = new ArrayList<>();
    final List<String> assumed = new ArrayList<>();
    final List<Long> malformedLines = new ArrayList<>();
    final Map<String, Long> routedTo = new TreeMap<>();
    Instant first;
    Instant last;
  }

  private Replay(Builder builder) {
    clock = builder.clock;
    cache = builder.cache;
    tokens = builder.tokens;
    cacheLever =
        cache.map(
            store ->
                CacheLever.builder(store).clock(clock).prices(builder.prices.getFirst()).build());
    aloneLevers = builder.make();
    togetherLevers = builder.make();
    List<Account.Place> places =
        aloneLevers.stream().map(lever -> new Account.Place(lever.name(), lever.stage())).toList();
    accounts =
        builder.prices.stream().map(p -> new Account(p, places, builder.budgetModel)).toList();
    tally.measured.addAll(builder.measured);
    tally.assumed.addAll(builder.assumed);
    promptCacheAlone = promptCache(builder);
    promptCacheTogether = promptCache(builder);
  }

  private static Optional<PromptCacheModel> promptCache(Builder builder) {
    return builder.promptCache ? Optional.of(new PromptCacheModel()) : Optional.empty();
  }

  /**
   * {@return the settings of a replay}
   *
   * @param clock that of the cache and the levers too
   * @param prices of the report
   */
  public static Builder builder(LogClock clock, Prices prices) {
    return new Builder(clock, prices);
  }

  /** Notes a line of the log that is no call. */
  public void malformed(long line) {
    tally.malformed++;
    if (tally.malformedLines.size() < MALFORMED_LINES_MAX) {
      tally.malformedLines.add(line);
    }
  }

  /** Replays a call. Calls come in the order in which they were made. */
  public void add(LoggedCall call) {
    if (call.api().isPresent()) {
      tally.passedThrough++;
      return;
    }
    tally.requests++;
    if (!clock.advance(call.at())) {
      tally.outOfOrder++;
    }
    tally.first = tally.first == null || call.at().isBefore(tally.first) ? call.at() : tally.first;
    tally.last = tally.last == null || call.at().isAfter(tally.last) ? call.at() : tally.last;
    if (call.status() != OK || !call.response().path("choices").isArray()) {
      tally.failed++;
      return;
    }
    ChatRequest request = whole(call.request());
    Usage usage = call.usage().orElseGet(() -> estimate(request, call));
    PlayedCall played = play(call, request, usage);
    accounts.forEach(account -> account.add(played));
  }

  private Usage estimate(ChatRequest request, LoggedCall call) {
    tally.estimated++;
    return tokens.estimate(request, completion(call));
  }

  private static Completion completion(LoggedCall call) {
    try {
      return Completion.parse(Json.MAPPER.writeValueAsBytes(call.response()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return a request whose reply comes whole: what is cached and paid does not depend on it} */
  private static ChatRequest whole(ObjectNode request) {
    try {
      ObjectNode copy = request.objectNode().setAll(request);
      copy.remove(List.of("stream", "stream_options"));
      return ChatRequest.parse(Json.MAPPER.writeValueAsBytes(copy));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PlayedCall play(LoggedCall call, ChatRequest request, Usage usage) {
    boolean hit = cacheLever.isPresent() && isHit(call, request, usage);
    boolean replaced = isReplaced(request);
    tally.withoutTexts += replaced ? 1 : 0;
    List<Run> alone = new ArrayList<>(aloneLevers.size());
    for (Lever lever : aloneLevers) {
      List<Lever> used = replaced ? wordless(List.of(lever)) : List.of(lever);
      alone.add(run(used, promptCacheAlone, call, request, usage));
    }
    if (hit) {
      tally.hits++;
      return new PlayedCall(call, usage, true, alone, Optional.empty());
    }
    tally.misses++;
    List<Lever> used = replaced ? wordless(togetherLevers) : togetherLevers;
    Run together = run(used, promptCacheTogether, call, request, usage);
    countModel(request.model(), together);
    return new PlayedCall(call, usage, false, alone, Optional.of(together));
  }

  /** {@return whether the log has a hash in the place of what was asked} */
  private static boolean isReplaced(ChatRequest request) {
    return request
        .lastUserMessage()
        .map(message -> message.path("content"))
        .filter(content -> LogTexts.tokens(content.asText("")).isPresent())
        .isPresent();
  }

  /** {@return those that read no texts} */
  private static List<Lever> wordless(List<Lever> levers) {
    return levers.stream().filter(lever -> lever.stage() == Stage.BATCH).toList();
  }

  private void countModel(String asked, Run run) {
    String model = asked;
    for (Effect effect : run.effects()) {
      model = effect instanceof Routed routed ? routed.to() : model;
    }
    if (!model.equals(asked)
        && (tally.routedTo.size() < MODELS_MAX || tally.routedTo.containsKey(model))) {
      tally.routedTo.merge(model, 1L, Long::sum);
    }
  }

  private boolean isHit(LoggedCall call, ChatRequest request, Usage usage) {
    RecordedClient provider = new RecordedClient(call, usage);
    ChatReply reply = ask(cacheLever.get().over(provider), request, context(call));
    if (reply.avoided().isEmpty()) {
      return false;
    }
    String logged = call.response().at("/choices/0/message/content").asText("");
    tally.otherAnswers += reply.completion().content().equals(logged) ? 0 : 1;
    return true;
  }

  private Run run(
      List<Lever> levers,
      Optional<PromptCacheModel> promptCache,
      LoggedCall call,
      ChatRequest request,
      Usage usage) {
    RecordedClient provider = new RecordedClient(call, usage);
    ChatClient client = provider;
    for (Lever lever : levers.reversed()) {
      client = lever.over(client);
    }
    CallContext context = context(call);
    ask(client, request, context);
    boolean compresses = levers.stream().anyMatch(lever -> lever.stage() == Stage.COMPRESS);
    long cached =
        compresses && promptCache.isPresent()
            ? promptCache
                .get()
                .cachedTokens(provider.sent().orElse(request), usage.input(), clock.instant())
            : -1;
    return new Run(context.effects().all(), provider.output(), provider.cut(), cached);
  }

  private static ChatReply ask(ChatClient client, ChatRequest request, CallContext context) {
    try {
      return client.complete(request, context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallContext context(LoggedCall call) {
    return CallContext.of(call.tenant().filter(name -> !name.isBlank()).orElse(TENANT), URL)
        .endpoint(call.endpoint())
        // The request is replayed whole, and yet no batch takes a stream.
        .interactive(call.interactive() || call.request().path("stream").asBoolean(false));
  }

  /** {@return what it came to, at the first table of prices} */
  public ReplayReport report() {
    return report(0);
  }

  /**
   * {@return what it came to}
   *
   * @param table which table of prices, in the order they were given, from 0
   */
  public ReplayReport report(int table) {
    return new Summary(tally, cache.map(SemanticCache::stats))
        .report(accounts.get(table), aloneLevers);
  }

  /** The settings of a replay. Not thread-safe. */
  public static final class Builder {
    private final LogClock clock;
    private final List<Prices> prices = new ArrayList<>();
    private final List<Supplier<? extends Lever>> levers = new ArrayList<>();
    private Optional<SemanticCache> cache = Optional.empty();
    private TokenCounter tokens = new JtokkitCounter();
    private String budgetModel = "gpt-4o-mini";
    private final List<String> measured = new ArrayList<>();
    private final List<String> assumed = new ArrayList<>();
    private boolean promptCache;

    private Builder(LogClock clock, Prices prices) {
      this.clock = clock;
      this.prices.add(prices);
    }

    /** Another table, for a report of the same calls at other prices. */
    public Builder alsoAt(Prices table) {
      prices.add(table);
      return this;
    }

    /** The store that answers first. Its clock is the replay's. Default none. */
    public Builder cache(SemanticCache value) {
      cache = Optional.of(value);
      return this;
    }

    /**
     * Adds a lever behind the cache. Asked for two of them: one that works alone, and one that
     * works with the others.
     */
    public Builder lever(Supplier<? extends Lever> value) {
      levers.add(value);
      return this;
    }

    /** Adds the batch price for all calls that are not interactive. */
    public Builder batch() {
      return lever(BatchPrice::new);
    }

    /** The cheaper model of the sensitivity. Default {@code gpt-4o-mini}. */
    public Builder budgetModel(String value) {
      budgetModel = value;
      return this;
    }

    /** Counts where the log has no usage. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /**
     * Whether the provider's prompt cache is modelled ({@link PromptCacheModel}) and what it saves
     * is the compress lever's. Default false: the log says what the provider read from its cache.
     */
    public Builder promptCache(boolean value) {
      promptCache = value;
      return this;
    }

    /** Something that the report says was measured: a sentence. */
    public Builder measured(String sentence) {
      measured.add(sentence);
      return this;
    }

    /** Something that the report says was taken for granted: a sentence. */
    public Builder assumed(String sentence) {
      assumed.add(sentence);
      return this;
    }

    public Replay build() {
      return new Replay(this);
    }

    private List<Lever> make() {
      return levers.stream()
          .<Lever>map(Supplier::get)
          .sorted(Comparator.comparing(Lever::stage))
          .toList();
    }
  }
}
