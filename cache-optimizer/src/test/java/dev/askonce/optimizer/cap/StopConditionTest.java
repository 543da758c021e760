package dev.askonce.optimizer.cap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopConditionTest {
  /** {@return the answer as a reader sees it that comes in pieces of a length} */
  private static String kept(StopCondition condition, String answer, int pieceChars) {
    StopCondition.Scanner scanner = condition.begin();
    StringBuilder kept = new StringBuilder();
    for (int at = 0; at < answer.length(); at += pieceChars) {
      String piece = answer.substring(at, Math.min(answer.length(), at + pieceChars));
      int end = scanner.accept(piece);
      if (end != StopCondition.Scanner.GO_ON) {
        return kept.append(piece, 0, end).toString();
      }
      kept.append(piece);
    }
    return kept.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a": 1} and more     | {"a": 1}
          Here: {"a": "}\\"}"} x| Here: {"a": "}\\"}"}
          [1, [2]] [3]          | [1, [2]]
          "a" {"b": {}}}        | "a" {"b": {}}
          {"a": "never          | {"a": "never
          } no                  | } no
          """)
  void json_endsWhereItIsClosed(String answer, String expected) {
    for (int pieceChars = 1; pieceChars <= answer.length(); pieceChars++) {
      assertEquals(expected, kept(StopCondition.jsonClosed(), answer, pieceChars));
    }
  }

  @Test
  void line_endsAfterItsText() {
    for (int pieceChars = 1; pieceChars < 20; pieceChars++) {
      assertEquals("\n billing", kept(StopCondition.firstLine(), "\n billing\nsince", pieceChars));
      assertEquals("billing", kept(StopCondition.firstLine(), "billing", pieceChars));
    }
  }

  @Test
  void phrase_endsTheAnswerWhereItIsComplete() {
    StopCondition farewell = StopCondition.phrase("Let me know");
    assertEquals("Yes. ", kept(farewell, "Yes. Let me know if", 100));
    assertEquals("Let me not. ", kept(farewell, "Let me not. Let me know", 100));
    assertEquals("Yes. Let me kno", kept(farewell, "Yes. Let me know if", 1));
  }

  @Test
  void json_ofAnyShape_isNeverCutInside() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String json = "{\"k\":" + json(random, 3) + "}";
      String answer = "Sure: " + json + " Anything else? {}";
      assertEquals(
          "Sure: " + json,
          kept(StopCondition.jsonClosed(), answer, 1 + random.nextInt(9)),
          "seed " + seed);
    }
  }

  private static String json(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 4)) {
      case 0 -> String.valueOf(random.nextInt());
      case 1 -> "\"" + "{}[]\\\"\\\\ab".substring(random.nextInt(2)).substring(0, 3) + "\"";
      case 2 -> "[" + json(random, depth - 1) + "," + json(random, depth - 1) + "]";
      default -> "{\"x\":" + json(random, depth - 1) + "}";
    };
  }
}
