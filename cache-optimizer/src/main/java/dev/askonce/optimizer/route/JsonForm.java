package dev.askonce.optimizer.route;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Whether a JSON value has the form that a schema asks for, as far as models get it wrong: {@code
 * type}, {@code enum}, {@code const}, {@code required}, {@code properties}, {@code
 * additionalProperties: false}, {@code items}, {@code anyOf} and {@code $ref} inside the document.
 * Other keywords are taken as held.
 */
final class JsonForm {
  /** A schema that refers to itself is followed no deeper. */
  private static final int DEPTH_MAX = 64;

  private final JsonNode root;

  private JsonForm(JsonNode root) {
    this.root = root;
  }

  static boolean holds(JsonNode value, JsonNode schema) {
    return new JsonForm(schema).holds(value, schema, 0);
  }

  private boolean holds(JsonNode value, JsonNode schema, int depth) {
    if (depth > DEPTH_MAX || !schema.isObject()) {
      return true;
    }
    if (schema.path("$ref").asText("").startsWith("#")) {
      return holds(value, root.at(schema.get("$ref").asText().substring(1)), depth + 1);
    }
    return hasType(value, schema.path("type"))
        && (!schema.has("const") || schema.get("const").equals(value))
        && (!schema.has("enum") || isAmong(value, schema.get("enum")))
        && (!schema.has("anyOf") || holdsAny(value, schema.get("anyOf"), depth))
        && holdsFields(value, schema, depth)
        && holdsItems(value, schema, depth);
  }

  private static boolean hasType(JsonNode value, JsonNode type) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (hasType(value, one)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "number" -> value.isNumber();
      case "integer" -> value.isIntegralNumber() || isWhole(value);
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> true;
    };
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
  }

  private static boolean isAmong(JsonNode value, JsonNode values) {
    for (JsonNode one : values) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private boolean holdsAny(JsonNode value, JsonNode schemas, int depth) {
    for (JsonNode schema : schemas) {
      if (holds(value, schema, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean holdsFields(JsonNode value, JsonNode schema, int depth) {
    if (!value.isObject()) {
      return true;
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        return false;
      }
    }
    JsonNode known = schema.path("properties");
    JsonNode more = schema.path("additionalProperties");
    boolean closed = more.isBoolean() && !more.booleanValue();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      boolean isKnown = known.has(field.getKey());
      if (!isKnown && closed) {
        return false;
      }
      if (isKnown && !holds(field.getValue(), known.get(field.getKey()), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean holdsItems(JsonNode value, JsonNode schema, int depth) {
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      if (!holds(value.get(i), schema.path("items"), depth + 1)) {
        return false;
      }
    }
    return true;
  }
}
