package dev.askonce.optimizer.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LongStringGeneratorTest {
  private static final String[] PARTS = {
    "plain words ",
    "\"",
    "\\",
    "\n",
    "\t",
    "\u0000",
    "\u001F",
    "\u007F",
    "/",
    "ä",
    "€",
    "😀",
    "!",
    " "
  };

  private static ObjectNode tree(String text) {
    ObjectNode tree = Json.MAPPER.createObjectNode().put("n", 1.50).put(text, true);
    tree.putArray("texts").add(text).add("short \"one\"").addNull();
    return tree;
  }

  /** Jackson's own generator is the oracle, whose escapes of surrogate pairs mean the pairs. */
  private static void assertSame(ObjectNode tree, String message) throws IOException {
    String expected =
        new String(Json.MAPPER.writeValueAsBytes(tree), StandardCharsets.UTF_8)
            .replace("\\uD83D\\uDE00", "😀");
    String actual = new String(Json.bytes(tree), StandardCharsets.UTF_8);
    assertEquals(expected, actual.replace("\\uD83D\\uDE00", "😀"), message);
    assertEquals(tree, Json.MAPPER.readTree(actual), message);
  }

  @RepeatedTest(200)
  void anyText_isWrittenAsJacksonDoes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    int plain = random.nextInt(100);
    for (int length = 200 + random.nextInt(9_000); text.length() < length; ) {
      text.append(PARTS[random.nextInt(100) < plain ? 0 : random.nextInt(PARTS.length)]);
    }
    assertSame(tree(text.toString()), "seed " + seed);
  }

  @Test
  void eachPlaceOfAnEscape_isFound() throws IOException {
    for (int at = 0; at < 300; at++) {
      for (char escaped : new char[] {'"', '\\', '\n', '\u0001'}) {
        char[] text = "#".repeat(300).toCharArray();
        text[at] = escaped;
        assertSame(tree(new String(text)), "place " + at);
      }
    }
    assertSame(tree("\u0001".repeat(1_000)), "nothing but escapes");
  }

  @Test
  void halfASurrogatePair_isEscaped() throws IOException {
    ObjectNode tree = tree("x".repeat(300) + "\uD83D");
    assertArrayEquals(Json.MAPPER.writeValueAsBytes(tree), Json.bytes(tree));
  }
}
