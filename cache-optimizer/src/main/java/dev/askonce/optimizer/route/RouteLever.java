package dev.askonce.optimizer.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Completion;
import dev.askonce.optimizer.chat.FailOpen;
import dev.askonce.optimizer.chat.Lever;
import dev.askonce.optimizer.chat.TargetModel;
import dev.askonce.optimizer.chat.Tier;
import dev.askonce.optimizer.chat.Usage;
import dev.askonce.optimizer.cost.JtokkitCounter;
import dev.askonce.optimizer.cost.TokenCounter;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The lever that chooses the model: a {@link Router} says which tier a request is worth, {@link
 * Tiers} say which model that is, and the request goes there instead. Thread-safe.
 *
 * <p>Routed are requests for the standard tier's model, unless they have tools or images, come from
 * an excluded endpoint, or do not fit the other model. A tier that the caller forces is kept
 * whatever was asked for. Nothing but the model is changed, and what the model chosen demands (see
 * {@link TargetModel#fit}). Where a router is in trouble, or the chosen model answers that it takes
 * no such request, the request goes on as it came.
 */
public final class RouteLever implements Lever {
  /** The name of this lever in the ledger. */
  public static final String NAME = "route";

  /** More words than this are counted as {@code other}: a router is to have a few. */
  private static final int REASONS_MAX = 64;

  private final Router router;
  private final Tiers tiers;
  private final Map<String, Tiers> tiersByUrl;
  private final Map<String, Tiers> tiersByEndpoint;
  private final Set<String> models;
  private final Set<String> endpointsExcluded;
  private final boolean tools;
  private final boolean images;
  private final Optional<DraftCheck> check;
  private final boolean draftsOfStreams;
  private final TokenCounter tokens;
  private final FailOpen failOpen;

  private final LongAdder[] byTier = new LongAdder[Tier.values().length];
  private final Map<String, LongAdder> byReason = new ConcurrentHashMap<>();
  final LongAdder escalated = new LongAdder();
  final LongAdder returned = new LongAdder();

  private RouteLever(Builder builder) {
    router = builder.router;
    tiers = builder.tiers;
    tiersByUrl = new LinkedHashMap<>(builder.tiersByUrl);
    tiersByEndpoint = Map.copyOf(builder.tiersByEndpoint);
    models = Set.copyOf(builder.models);
    endpointsExcluded = Set.copyOf(builder.endpointsExcluded);
    tools = builder.tools;
    images = builder.images;
    check = Optional.ofNullable(builder.check);
    draftsOfStreams = builder.draftsOfStreams;
    tokens = builder.tokens;
    failOpen = new FailOpen(NAME, builder.clock);
    Arrays.setAll(byTier, i -> new LongAdder());
  }

  public static Builder builder(Router router, Tiers tiers) {
    return new Builder(router, tiers);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Stage stage() {
    return Stage.ROUTE;
  }

  @Override
  public ChatClient over(ChatClient next) {
    return new RoutedClient(this, next);
  }

  public RouteCounts counts() {
    Map<Tier, Long> counts = new EnumMap<>(Tier.class);
    for (Tier tier : Tier.values()) {
      long count = byTier[tier.ordinal()].sum();
      if (count > 0) {
        counts.put(tier, count);
      }
    }
    Map<String, Long> reasons = new TreeMap<>();
    byReason.forEach((reason, count) -> reasons.put(reason, count.sum()));
    return new RouteCounts(counts, reasons, escalated.sum(), returned.sum(), failOpen.count());
  }

  /** {@return the model of a tier for a call, if that tier has one there} */
  public Optional<TargetModel> model(Tier tier, CallContext context) {
    return tiers(context).of(tier);
  }

  /**
   * Where a request goes.
   *
   * @param request the one to send
   * @param rerouted whether it is another than the one that came
   * @param checked whether the answer is a draft
   */
  record Choice(ChatRequest request, boolean rerouted, boolean checked) {}

  Choice choose(ChatRequest request, CallContext context, ChatClient next) {
    try {
      return choose(request, context, next, tiers(context));
    } catch (Throwable e) {
      failOpen.swallow(e);
      return leave(request, tiers(context), "failed");
    }
  }

  private Choice choose(
      ChatRequest request, CallContext context, ChatClient next, Tiers configured) {
    Optional<Tier> forced = context.tier();
    Optional<String> reason = reasonToLeave(request, context, configured);
    if (reason.isPresent()) {
      return leave(request, configured, reason.get());
    }
    if (forced.isPresent()) {
      return send(request, configured, forced.get(), "forced", false);
    }
    Routing routing = router.route(request, context, next);
    if (routing.tier() != Tier.BUDGET) {
      // Nobody asked for the reasoning tier, whatever the router says.
      return leave(request, configured, routing.reason());
    }
    if (check.isPresent() && request.stream() && !draftsOfStreams) {
      return leave(request, configured, "stream");
    }
    return send(request, configured, Tier.BUDGET, routing.reason(), check.isPresent());
  }

  private Optional<String> reasonToLeave(
      ChatRequest request, CallContext context, Tiers configured) {
    if (context.url().contains("/deployments/")) {
      return Optional.of("deployment");
    }
    if (context.tier().isPresent()) {
      return Optional.empty();
    }
    boolean routable =
        configured.standard().isAskedBy(request)
            || models.contains(request.model().toLowerCase(Locale.ROOT));
    if (!routable) {
      return Optional.of("model");
    }
    if (endpointsExcluded.contains(context.endpoint())) {
      return Optional.of("endpoint");
    }
    if (!tools && request.hasTools()) {
      return Optional.of("tools");
    }
    return !images && hasMedia(request) ? Optional.of("images") : Optional.empty();
  }

  private static boolean hasMedia(ChatRequest request) {
    for (JsonNode message : request.messages()) {
      JsonNode content = message.path("content");
      for (int i = 0; content.isArray() && i < content.size(); i++) {
        String type = content.get(i).path("type").asText("");
        if (!type.equals("text") && !type.equals("refusal")) {
          return true;
        }
      }
    }
    return false;
  }

  private Choice leave(ChatRequest request, Tiers configured, String reason) {
    count(reason);
    // A model that is no tier's, and yet may be routed, counts as the standard it was asked as.
    Optional<Tier> asked = configured.askedBy(request);
    if (asked.isEmpty() && models.contains(request.model().toLowerCase(Locale.ROOT))) {
      asked = Optional.of(Tier.STANDARD);
    }
    asked.ifPresent(tier -> byTier[tier.ordinal()].increment());
    return new Choice(request, false, false);
  }

  private Choice send(
      ChatRequest request, Tiers configured, Tier tier, String reason, boolean checked) {
    Optional<TargetModel> model = configured.of(tier);
    if (model.isEmpty()) {
      return leave(request, configured, "no-model");
    }
    if (model.get().isAskedBy(request)) {
      return leave(request, configured, reason);
    }
    Optional<ChatRequest> fitted = model.get().fit(request);
    if (fitted.isEmpty()) {
      return leave(request, configured, "unfit");
    }
    count(reason);
    byTier[tier.ordinal()].increment();
    return new Choice(fitted.get(), true, checked);
  }

  /** {@return why a draft is not to be served; none where the check is in trouble} */
  Optional<String> objection(Draft draft) {
    try {
      Optional<String> objection = check.flatMap(known -> known.objection(draft));
      objection.ifPresent(word -> count("draft:" + word));
      return objection;
    } catch (Throwable e) {
      failOpen.swallow(e);
      count("draft:failed");
      // The model asked for is what the caller would have had.
      return Optional.of("failed");
    }
  }

  /** {@return the tokens of a draft, by our count where the provider gave none} */
  Usage usage(ChatRequest request, Completion draft) {
    try {
      return draft.usage().orElseGet(() -> tokens.estimate(request, draft));
    } catch (Throwable e) {
      failOpen.swallow(e);
      return Usage.NONE;
    }
  }

  private Tiers tiers(CallContext context) {
    Tiers byEndpoint = tiersByEndpoint.get(context.endpoint());
    if (byEndpoint != null) {
      return byEndpoint;
    }
    for (Map.Entry<String, Tiers> entry : tiersByUrl.entrySet()) {
      if (context.url().startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    return tiers;
  }

  private void count(String reason) {
    LongAdder count = byReason.get(reason);
    if (count == null) {
      String word = byReason.size() < REASONS_MAX ? reason : "other";
      count = byReason.computeIfAbsent(word, key -> new LongAdder());
    }
    count.increment();
  }

  /** The settings of a routing lever. Not thread-safe. */
  public static final class Builder {
    private final Router router;
    private final Tiers tiers;
    private final Map<String, Tiers> tiersByUrl = new LinkedHashMap<>();
    private final Map<String, Tiers> tiersByEndpoint = new HashMap<>();
    private Set<String> models = Set.of();
    private Set<String> endpointsExcluded = Set.of();
    private boolean tools;
    private boolean images;
    private DraftCheck check;
    private boolean draftsOfStreams = true;
    private TokenCounter tokens = new JtokkitCounter();
    private InstantSource clock = InstantSource.system();

    private Builder(Router router, Tiers tiers) {
      this.router = router;
      this.tiers = tiers;
    }

    /** Other models at another provider: for calls whose URL begins so. The first one counts. */
    public Builder tiersAt(String urlPrefix, Tiers value) {
      tiersByUrl.put(urlPrefix, value);
      return this;
    }

    /** Other models for calls of an endpoint, wherever they go. */
    public Builder tiersOf(String endpoint, Tiers value) {
      tiersByEndpoint.put(endpoint, value);
      return this;
    }

    /**
     * Models whose requests may be routed beside the standard tier's, by exact name: pinned
     * versions, say. One that is worth the standard tier stays with the model it names.
     */
    public Builder models(String... names) {
      models = Set.copyOf(Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).toList());
      return this;
    }

    /** Endpoints whose requests stay with the model they name, unless a tier is forced. */
    public Builder endpointsExcluded(String... endpoints) {
      endpointsExcluded = Set.of(endpoints);
      return this;
    }

    /** Whether requests with tools may be routed. Default false: a wrong call has effects. */
    public Builder tools(boolean value) {
      tools = value;
      return this;
    }

    /** Whether requests with images, sound or files may be routed. Default false. */
    public Builder images(boolean value) {
      images = value;
      return this;
    }

    /**
     * Makes it a cascade: what the budget model answers, where the router chose it, is a draft,
     * served only if the check has no objection. Otherwise the model asked for is asked too, and
     * the draft is booked as overhead.
     */
    public Builder cascade(DraftCheck value) {
      check = value;
      return this;
    }

    /**
     * Whether a cascade drafts streams: the caller then has the first token when the draft is
     * complete. Default true; false leaves streams with the model they name.
     */
    public Builder draftsOfStreams(boolean value) {
      draftsOfStreams = value;
      return this;
    }

    /** Counts drafts that the provider did not count. Default {@link JtokkitCounter}. */
    public Builder tokens(TokenCounter value) {
      tokens = value;
      return this;
    }

    /** The clock of logging. Default the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    public RouteLever build() {
      if (tiers.budget().name().equalsIgnoreCase(tiers.standard().name())) {
        throw new ChatException.InvalidSetting(
            "budget and standard tier are one model, " + tiers.budget().name());
      }
      return new RouteLever(this);
    }
  }
}
