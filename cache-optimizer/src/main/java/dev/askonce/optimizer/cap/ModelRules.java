package dev.askonce.optimizer.cap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a model and its provider take.
 *
 * @param fields the name of the limit by the beginning of a URL; the longest that fits counts
 * @param reasoning which models reason, beside those that are known by their names
 */
record ModelRules(Map<String, LimitField> fields, Predicate<String> reasoning) {
  private static final String OPENAI_HOST = "api.openai.com";
  private static final String AZURE_HOSTS = ".azure.com";

  /** {@return whether the tokens that a request's limit counts include some that nobody sees} */
  boolean reasons(ChatRequest request) {
    String model = name(request.model());
    return (isOpenAiReasoning(model) || isOpenReasoning(model) || reasoning.test(request.model()))
        && !request.json().path("reasoning_effort").asText("").equals("none");
  }

  /**
   * {@return whether the API takes stop sequences for a model} Its newest reasoning models do not.
   */
  static boolean takesStop(ChatRequest request) {
    return !isOpenAiReasoning(name(request.model()));
  }

  /**
   * {@return whether a model takes system or developer messages} The first reasoning ones do not.
   */
  static boolean takesInstructions(ChatRequest request) {
    String model = name(request.model());
    return !model.startsWith("o1-mini") && !model.startsWith("o1-preview");
  }

  /** {@return the role of an instruction to a model that has none yet} */
  static String instructionRole(ChatRequest request) {
    return isOpenAiReasoning(name(request.model())) ? "developer" : "system";
  }

  /**
   * {@return the name under which to limit a request} The caller's own where it has a limit, then
   * the operator's for the URL, then the new name for OpenAI and for models that refuse the old
   * one, and the old name for everybody else: a server that does not know a name ignores it in
   * silence.
   */
  LimitField field(ChatRequest request, String url) {
    for (LimitField field : LimitField.values()) {
      JsonNode own = request.json().path(field.field());
      if (own.isNumber()) {
        return field;
      }
    }
    return configured(url)
        .orElseGet(
            () ->
                isOpenAi(url)
                        || isOpenAiReasoning(name(request.model()))
                        || (isAzure(url) && reasoning.test(request.model()))
                    ? LimitField.MAX_COMPLETION_TOKENS
                    : LimitField.MAX_TOKENS);
  }

  private Optional<LimitField> configured(String url) {
    String longest = null;
    for (String start : fields.keySet()) {
      if (url.startsWith(start) && (longest == null || start.length() > longest.length())) {
        longest = start;
      }
    }
    return Optional.ofNullable(longest).map(fields::get);
  }

  private static boolean isOpenAi(String url) {
    return host(url).endsWith(OPENAI_HOST);
  }

  /** {@return whether a model's name is a deployment's, which says nothing} */
  private static boolean isAzure(String url) {
    return host(url).endsWith(AZURE_HOSTS);
  }

  private static String host(String url) {
    int host = url.indexOf("://") + 3;
    int end = url.indexOf('/', host);
    return host < 3 ? "" : url.substring(host, end < 0 ? url.length() : end);
  }

  /** {@return the model without the provider that some gateways put before it} */
  private static String name(String model) {
    return model.substring(model.lastIndexOf('/') + 1);
  }

  private static boolean isOpenAiReasoning(String model) {
    boolean series =
        model.length() > 1
            && model.charAt(0) == 'o'
            && Character.isDigit(model.charAt(1))
            && (model.length() == 2 || model.charAt(2) == '-');
    return series || (model.startsWith("gpt-5") && !model.contains("-chat"));
  }

  private static boolean isOpenReasoning(String model) {
    return model.startsWith("gpt-oss")
        || model.startsWith("deepseek-r")
        || model.startsWith("qwq")
        || model.startsWith("magistral");
  }
}
