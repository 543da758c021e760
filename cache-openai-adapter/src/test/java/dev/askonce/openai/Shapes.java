package dev.askonce.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks JSON against a document of schemas: the keywords that API descriptions use for types. */
final class Shapes {
  private final JsonNode document;

  Shapes(JsonNode document) {
    this.document = document;
  }

  /**
   * {@return what is wrong with a value, each with its place}
   *
   * @param pointer where in the document its schema is
   */
  List<String> problems(String pointer, JsonNode value) {
    List<String> problems = new ArrayList<>();
    check(schemaAt(pointer), value, "$", problems);
    return problems;
  }

  private JsonNode schemaAt(String pointer) {
    JsonNode schema = document.at(pointer);
    if (schema.isMissingNode()) {
      throw new IllegalArgumentException("no schema at " + pointer);
    }
    return schema;
  }

  private void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    if (schema.has("$ref")) {
      String pointer = schema.get("$ref").asText().substring(1);
      check(schemaAt(pointer), value, at, problems);
    }
    for (JsonNode part : schema.path("allOf")) {
      check(part, value, at, problems);
    }
    checkAny(schema.path("anyOf"), value, at, problems);
    checkAny(schema.path("oneOf"), value, at, problems);
    if (schema.has("type") && !isOfType(schema.get("type"), value)) {
      problems.add(at + " is " + value.getNodeType() + ", not " + schema.get("type"));
      return;
    }
    if (schema.has("const") && !schema.get("const").equals(value)) {
      problems.add(at + " is " + value + ", not " + schema.get("const"));
    }
    if (schema.has("enum") && !contains(schema.get("enum"), value)) {
      problems.add(at + " is " + value + ", none of " + schema.get("enum"));
    }
    checkRange(schema, value, at, problems);
    checkText(schema, value, at, problems);
    if (value.isObject()) {
      checkObject(schema, value, at, problems);
    }
    for (int i = 0; value.isArray() && schema.has("items") && i < value.size(); i++) {
      check(schema.get("items"), value.get(i), at + "[" + i + "]", problems);
    }
  }

  private void checkAny(JsonNode choices, JsonNode value, String at, List<String> problems) {
    List<String> all = new ArrayList<>();
    for (JsonNode choice : choices) {
      List<String> mine = new ArrayList<>();
      check(choice, value, at, mine);
      if (mine.isEmpty()) {
        return;
      }
      all.addAll(mine);
    }
    if (!choices.isEmpty()) {
      problems.add(at + " is none of the choices: " + all);
    }
  }

  private static boolean isOfType(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (isOfType(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode one : values) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static void checkRange(
      JsonNode schema, JsonNode value, String at, List<String> problems) {
    double number = value.isArray() ? value.size() : value.asDouble();
    String prefix = value.isArray() ? "Items" : "imum";
    if ((value.isNumber() || value.isArray())
        && (number < schema.path("min" + prefix).asDouble(Double.NEGATIVE_INFINITY)
            || number > schema.path("max" + prefix).asDouble(Double.POSITIVE_INFINITY))) {
      problems.add(at + " is out of range: " + number);
    }
  }

  private static void checkText(JsonNode schema, JsonNode value, String at, List<String> problems) {
    if (!value.isTextual()) {
      return;
    }
    String text = value.textValue();
    int length = text.codePointCount(0, text.length());
    if (length < schema.path("minLength").asInt(0)
        || length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
      problems.add(at + " has " + length + " characters");
    }
    String pattern = schema.path("pattern").asText("");
    if (!Pattern.compile(pattern).matcher(text).find()) {
      problems.add(at + " does not match " + pattern);
    }
  }

  private void checkObject(JsonNode schema, JsonNode value, String at, List<String> problems) {
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        problems.add(at + " has no " + required);
      }
    }
    if (value.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
      problems.add(at + " has " + value.size() + " fields");
    }
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String place = at + "." + field.getKey();
      check(schema.path("propertyNames"), TextNode.valueOf(field.getKey()), place, problems);
      if (properties.has(field.getKey())) {
        check(properties.get(field.getKey()), field.getValue(), place, problems);
      } else if (others.isBoolean() && !others.booleanValue()) {
        problems.add(place + " is not in the shape");
      } else if (others.isObject()) {
        check(others, field.getValue(), place, problems);
      }
    }
  }
}
