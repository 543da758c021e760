package dev.askonce.optimizer.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.engine.Scope;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Says whether a request may be asked of the cache, in which scope, and with which text.
 *
 * <p>The scope is the tenant, the URL, the tier if the caller insists on one, and the whole request
 * but the user's last text, in canonical form. Fields that cannot change an answer are listed in
 * {@link #IGNORED}; everything else counts, and so does every field that is not known here.
 */
final class Fingerprint {
  /** The fields that do not count, each with its reason. */
  static final Map<String, String> IGNORED =
      Map.ofEntries(
          Map.entry("user", "an abuse-detection id; who may share answers is the tenant's matter"),
          Map.entry("safety_identifier", "the successor of user"),
          Map.entry("metadata", "labels for the provider's records"),
          Map.entry("store", "keeps a copy at the provider; true is not cached at all"),
          Map.entry("stream", "the form of the reply, not its content; both forms share an entry"),
          Map.entry("stream_options", "the form of the reply; replays honour it"),
          Map.entry("prompt_cache_key", "routing to the provider's prompt cache"),
          Map.entry("prompt_cache_retention", "lifetime in the provider's prompt cache"),
          Map.entry("prompt_cache_options", "use of the provider's prompt cache"),
          Map.entry("service_tier", "price and speed of the same model"));

  /** Raised when the canonical form changes, so that older entries are not found again. */
  private static final String FORM = "chat-2";

  private final double temperatureMax;
  private final boolean conversationsBySimilarity;

  Fingerprint(double temperatureMax, boolean conversationsBySimilarity) {
    this.temperatureMax = temperatureMax;
    this.conversationsBySimilarity = conversationsBySimilarity;
  }

  /** What to do with a request. */
  sealed interface Plan {
    /**
     * Ask the cache.
     *
     * @param exactOnly whether only a repeat of the same text may answer
     */
    record Ask(Scope scope, String text, boolean exactOnly) implements Plan {}

    /** Call the provider. */
    record Bypass(BypassReason reason) implements Plan {}
  }

  Plan plan(ChatRequest request, CallContext context) {
    Optional<BypassReason> reason = reasonToBypass(request, context);
    if (reason.isPresent()) {
      return new Plan.Bypass(reason.get());
    }
    Optional<ObjectNode> message = request.lastUserMessage();
    if (message.isEmpty()) {
      return new Plan.Bypass(BypassReason.NOT_FROM_USER);
    }
    Optional<Question> question = Question.of(message.get());
    if (question.isEmpty()) {
      boolean media = Question.hasMedia(message.get().path("content"));
      return new Plan.Bypass(media ? BypassReason.MEDIA : BypassReason.NO_TEXT);
    }
    Scope scope =
        Scope.tenant(context.tenant().orElseThrow())
            .with("url", context.url())
            .with(FORM, CanonicalForm.of(request.json(), IGNORED.keySet(), message.get()));
    // Below, a router chooses the model where nobody insists: who does is not answered by its
    // choice.
    Scope tiered = context.tier().map(tier -> scope.with("tier", tier.label())).orElse(scope);
    // Each conversation is a scope of one, where similarity finds nothing but costs an embedding,
    // and a short last text ("and the other one?") says little by itself.
    boolean conversation = request.userMessageCount() > 1;
    boolean exactOnly = !question.get().whole() || (conversation && !conversationsBySimilarity);
    return new Plan.Ask(tiered, question.get().text(), exactOnly);
  }

  private Optional<BypassReason> reasonToBypass(ChatRequest request, CallContext context) {
    JsonNode json = request.json();
    if (!context.cached()) {
      return Optional.of(BypassReason.OPTED_OUT);
    }
    if (context.tenant().isEmpty() || context.tenant().get().isBlank()) {
      return Optional.of(BypassReason.NO_TENANT);
    }
    if (request.choiceCount() != 1) {
      return Optional.of(BypassReason.SEVERAL_CHOICES);
    }
    if (json.path("store").asBoolean(false)) {
      return Optional.of(BypassReason.SIDE_EFFECT);
    }
    if (json.hasNonNull("web_search_options") || request.model().contains("-search")) {
      return Optional.of(BypassReason.LIVE_DATA);
    }
    if (json.hasNonNull("audio") || !wantsTextOnly(json.path("modalities"))) {
      return Optional.of(BypassReason.MEDIA);
    }
    // The API's default, where nothing is said, is 1.
    return request.temperature().orElse(1) > temperatureMax
        ? Optional.of(BypassReason.TEMPERATURE)
        : Optional.empty();
  }

  private static boolean wantsTextOnly(JsonNode modalities) {
    for (JsonNode modality : modalities) {
      if (!"text".equals(modality.textValue())) {
        return false;
      }
    }
    return true;
  }
}
