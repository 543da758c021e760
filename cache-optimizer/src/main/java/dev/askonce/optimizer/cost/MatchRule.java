package dev.askonce.optimizer.cost;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The matching rules of a genai-prices document: {@code equals}, {@code starts_with}, {@code
 * ends_with}, {@code contains}, {@code regex}, and {@code or} and {@code and} of rules. Case does
 * not count, but for {@code regex}, which is asked as it stands and may match anywhere.
 */
final class MatchRule {
  private MatchRule() {}

  /**
   * {@return what the rule says of a text}
   *
   * @throws ChatException.InvalidPrices if it is no rule, or of a kind that is not known
   */
  static Predicate<String> parse(JsonNode rule) {
    if (!rule.isObject() || rule.size() != 1) {
      throw new ChatException.InvalidPrices("not a matching rule: " + rule);
    }
    String name = rule.fieldNames().next();
    JsonNode value = rule.get(name);
    return switch (name) {
      case "or" -> any(all(value));
      case "and" -> all(value).stream().reduce(text -> true, Predicate::and);
      case "regex" -> regex(text(value, rule));
      case "equals" -> text(value, rule)::equalsIgnoreCase;
      case "starts_with" -> lower(text(value, rule), String::startsWith);
      case "ends_with" -> lower(text(value, rule), String::endsWith);
      case "contains" -> lower(text(value, rule), String::contains);
      default -> throw new ChatException.InvalidPrices("unknown matching rule: " + rule);
    };
  }

  /** Compares two texts in lower case. */
  private interface Comparison {
    boolean holds(String text, String part);
  }

  private static Predicate<String> lower(String part, Comparison comparison) {
    String wanted = part.toLowerCase(Locale.ROOT);
    return text -> comparison.holds(text.toLowerCase(Locale.ROOT), wanted);
  }

  private static Predicate<String> any(List<Predicate<String>> rules) {
    return rules.stream().reduce(text -> false, Predicate::or);
  }

  private static List<Predicate<String>> all(JsonNode rules) {
    List<Predicate<String>> all = new ArrayList<>();
    rules.forEach(rule -> all.add(parse(rule)));
    return all;
  }

  private static Predicate<String> regex(String expression) {
    try {
      return Pattern.compile(expression).asPredicate();
    } catch (PatternSyntaxException e) {
      throw new ChatException.InvalidPrices("not a regular expression: " + expression);
    }
  }

  private static String text(JsonNode value, JsonNode rule) {
    if (!value.isTextual()) {
      throw new ChatException.InvalidPrices("not a matching rule: " + rule);
    }
    return value.textValue();
  }
}
