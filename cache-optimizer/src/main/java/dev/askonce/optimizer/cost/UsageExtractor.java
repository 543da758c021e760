package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How one flavour of a provider's API says what a call used: data of a genai-prices document, not
 * code. A path leads to each count; counts of one kind are added up.
 */
public final class UsageExtractor {
  private record Mapping(List<Step> path, Kind kind, boolean required) {}

  /** One step of a path: into a field, or to the first element of a list that matches. */
  private record Step(String field, Optional<Predicate<String>> element) {
    /** {@return where the step leads, or null} */
    JsonNode from(JsonNode node) {
      if (element.isEmpty()) {
        return node.isObject() ? node.get(field) : null;
      }
      for (JsonNode item : node.isArray() ? node : List.<JsonNode>of()) {
        JsonNode value = item.path(field);
        if (value.isTextual() && element.get().test(value.textValue())) {
          return item;
        }
      }
      return null;
    }
  }

  private final String flavour;
  private final List<Step> root;
  private final List<Step> model;
  private final List<Mapping> mappings;

  private UsageExtractor(
      String flavour, List<Step> root, List<Step> model, List<Mapping> mappings) {
    this.flavour = flavour;
    this.root = root;
    this.model = model;
    this.mappings = mappings;
  }

  /** {@return the extractor of a document; counts of kinds that we do not know are left out} */
  static UsageExtractor parse(JsonNode json) {
    List<Mapping> mappings = new ArrayList<>();
    for (JsonNode mapping : json.path("mappings")) {
      Kind.ofCount(mapping.path("dest").asText())
          .ifPresent(
              kind ->
                  mappings.add(
                      new Mapping(
                          path(mapping.path("path")),
                          kind,
                          mapping.path("required").asBoolean(true))));
    }
    return new UsageExtractor(
        json.path("api_flavor").asText("default"),
        path(json.path("root")),
        json.has("model_path") ? path(json.get("model_path")) : path("model"),
        mappings);
  }

  private static List<Step> path(String field) {
    return List.of(new Step(field, Optional.empty()));
  }

  private static List<Step> path(JsonNode json) {
    if (json.isTextual()) {
      return path(json.textValue());
    }
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : json) {
      if (step.isTextual()) {
        steps.add(new Step(step.textValue(), Optional.empty()));
      } else if ("array-match".equals(step.path("type").asText())) {
        Predicate<String> element = MatchRule.parse(step.path("match"));
        steps.add(new Step(step.path("field").asText(), Optional.of(element)));
      } else {
        throw new ChatException.InvalidPrices("unknown step of a path: " + step);
      }
    }
    if (steps.isEmpty()) {
      throw new ChatException.InvalidPrices("not a path: " + json);
    }
    return steps;
  }

  private static JsonNode walk(List<Step> path, JsonNode from) {
    JsonNode node = from;
    for (Step step : path) {
      node = node == null ? null : step.from(node);
    }
    return node;
  }

  /** {@return the name of the API's flavour, such as {@code chat}} */
  public String flavour() {
    return flavour;
  }

  /** {@return the model that a response names} */
  public Optional<String> model(JsonNode response) {
    JsonNode name = walk(model, response);
    return name != null && name.isTextual() ? Optional.of(name.textValue()) : Optional.empty();
  }

  /**
   * {@return what a response says that the call used; empty where a required count is missing, or
   * all are}
   */
  public Optional<Counts> extract(JsonNode response) {
    JsonNode usage = walk(root, response);
    return usage != null && usage.isObject() ? extractUsage(usage) : Optional.empty();
  }

  /** {@return what the usage part of a response says} See {@link #extract}. */
  public Optional<Counts> extractUsage(JsonNode usage) {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    for (Mapping mapping : mappings) {
      JsonNode value = walk(mapping.path(), usage);
      if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
        counts.merge(mapping.kind(), value.longValue(), Long::sum);
      } else if (mapping.required()) {
        return Optional.empty();
      }
    }
    return counts.isEmpty() ? Optional.empty() : Optional.of(Counts.of(counts));
  }
}
