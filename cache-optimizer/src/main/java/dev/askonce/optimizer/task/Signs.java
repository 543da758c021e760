package dev.askonce.optimizer.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Task;
import dev.askonce.optimizer.task.TaskClassifier.Points;
import java.util.Set;
import java.util.regex.Pattern;

/** What shows a task beside words: settings of the request, and the look of its text. */
final class Signs {
  /** A limit that leaves room for a label and for nothing else. */
  private static final long LABEL_TOKENS_MAX = 16;

  /** A question mark further on is rather of the text that the request is about. */
  private static final int QUESTION_CHARS_MAX = 300;

  /** Numbers in a question that make it a sum. */
  private static final int QUANTITIES_MIN = 2;

  private static final Set<String> QUANTITY = Set.of("many", "much", "long", "far", "old");

  private static final Pattern CODE_LOOK =
      Pattern.compile(
          "```|[;{}]\\s*\\n|\\w\\(\\w*\\)\\s*[;:{]|=>|->\\s|\\bdef \\w+\\(|#include|\\bprint\\(|"
              + "\\bSELECT\\b.{1,40}\\bFROM\\b|</\\w+>|\\w\\(\\[|\\breturn \\w+|\\bint \\w+\\(");

  /** Words in capitals to choose from: {@code PASS or FAIL}, {@code FRAUD/OK}. */
  private static final Pattern CAPITAL_CHOICES =
      Pattern.compile("\\b[A-Z]{2,}\\b(?: or |\\s?/\\s?|, )\\b[A-Z]{2,}\\b");

  /** Choices with letters: {@code A. … B. …}, {@code (a) … (b) …}. */
  private static final Pattern LETTERED_CHOICES =
      Pattern.compile("(?s)\\(?\\b[Aa][.)]\\s.{1,200}?\\b[Bb][.)]\\s");

  /**
   * Which patterns a text may match at all, by one pass over it: most match none, and to learn that
   * from the patterns costs more than all else here.
   *
   * @param code whether it has a character or a word that each code has
   * @param capitals whether two capitals stand together
   * @param letters whether an A is before a full stop or a bracket
   */
  private record Marks(boolean code, boolean capitals, boolean letters) {
    static Marks of(String text) {
      boolean code = text.contains("return ") || text.contains("SELECT");
      boolean capitals = false;
      boolean letters = false;
      char before = ' ';
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '`', ';', '{', '}', '(', '>', '#' -> code = true;
          case '.', ')' -> letters |= before == 'a' || before == 'A';
          default -> capitals |= isCapital(c) && isCapital(before);
        }
        before = c;
      }
      return new Marks(code, capitals, letters);
    }

    private static boolean isCapital(char c) {
      return c >= 'A' && c <= 'Z';
    }
  }

  private Signs() {}

  static void read(ChatRequest request, Points points) {
    JsonNode format = request.json().path("response_format");
    String type = format.path("type").asText("");
    if (type.equals("json_schema")) {
      boolean label = isLabel(format.path("json_schema").path("schema"));
      points.add(label ? Task.CLASSIFICATION : Task.EXTRACTION, 4, "json_schema");
    } else if (type.equals("json_object")) {
      points.add(Task.EXTRACTION, 2, "json_object");
    }
    if (request.outputTokensMax().orElse(Long.MAX_VALUE) <= LABEL_TOKENS_MAX) {
      points.add(Task.CLASSIFICATION, 4, "a limit of few tokens");
    }
    if (request.json().path("logit_bias").size() > 0) {
      points.add(Task.CLASSIFICATION, 1, "logit_bias");
    }
    JsonNode stop = request.json().path("stop");
    if (isStop(stop, "\n")) {
      points.add(Task.CLASSIFICATION, 1, "stops at a line's end");
      points.add(Task.FACTUAL, 1, "stops at a line's end");
    }
    if (isStop(stop, "```")) {
      points.add(Task.CODE, 3, "stops at a fence");
    }
  }

  private static boolean isStop(JsonNode stop, String sequence) {
    if (stop.isTextual()) {
      return stop.textValue().equals(sequence);
    }
    for (JsonNode one : stop) {
      if (sequence.equals(one.textValue())) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether a schema has one property and that one a fixed set of values} */
  private static boolean isLabel(JsonNode schema) {
    JsonNode properties = schema.path("properties");
    if (properties.size() != 1) {
      return false;
    }
    JsonNode only = properties.elements().next();
    return only.has("enum") || only.path("type").asText("").equals("boolean");
  }

  static void read(String user, Points points) {
    Marks marks = Marks.of(user);
    if (marks.code && CODE_LOOK.matcher(user).find()) {
      points.add(Task.CODE, 2, "looks like code");
    }
    int question = user.indexOf('?');
    if (question >= 0 && question <= QUESTION_CHARS_MAX) {
      points.add(Task.FACTUAL, 1, "a question mark");
    }
    if (marks.capitals && CAPITAL_CHOICES.matcher(user).find()) {
      points.add(Task.CLASSIFICATION, 2, "choices in capitals");
    }
    if (marks.letters && LETTERED_CHOICES.matcher(user).find()) {
      points.add(Task.CLASSIFICATION, 3, "choices with letters");
    }
  }

  /** Finds what has to be worked out: a question of quantity beside quantities. */
  static void read(Words words, Points points) {
    if (words.numbers() < QUANTITIES_MIN) {
      return;
    }
    for (int at = 1; at < words.size(); at++) {
      if (words.at(at - 1).equals("how") && QUANTITY.contains(words.at(at))) {
        points.add(Task.ANALYSIS, 4, "a sum to work out");
        return;
      }
    }
  }
}
