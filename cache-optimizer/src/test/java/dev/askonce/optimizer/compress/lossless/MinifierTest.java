package dev.askonce.optimizer.compress.lossless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.askonce.optimizer.chat.Json;
import dev.askonce.optimizer.cost.JtokkitCounter;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinifierTest {
  private static final JtokkitCounter COUNTER = new JtokkitCounter();

  private static long tokens(String text) {
    return COUNTER.count("gpt-4o", text);
  }

  /** By characters, so that what is tried is what is seen. */
  private static String minify(String text) {
    return Minifier.create().minify(text, String::length);
  }

  @Test
  void json_losesOnlyWhiteSpaceBetweenItsTokens() {
    assertEquals(
        "{\"b\":1.50,\"a\":[1,2E+3,{\"s\":\"x  y\\\" z\"}],\"b2\":null}\n",
        minify(
            """
            {
              "b": 1.50,
              "a": [ 1, 2E+3, { "s": "x  y\\" z" } ],
              "b2": null
            }
            """));
  }

  @Test
  void json_amongProse_isFound() {
    assertEquals(
        "The order is:\n{\"id\":7}\nCancel it.",
        minify("The order is:\n{ \"id\": 7 }\nCancel it."));
  }

  @Test
  void table_losesItsPaddingAndNothingElse() {
    assertEquals(
        "|a|b|\n|-|-:|\n|\\| x|y\u001d|\n\u001d|z|\n",
        minify("|  a | b |\r\n|---|---:|\n| \\| x | y\u001d | \n\u001d| z |\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ 'id': 7 }",
        "{ \"a\": 1, }",
        "[link]  (x)",
        "{ \"a\": 1 } // why",
        "```json\n{ \"a\":   1 }\n\n\n\n```",
        "~~~\na   b. c   d\n~~~~",
        "```\nno end  of it.  Really",
        "def f(x):\n    return  x\n\n\nf(1)",
        "import os\n\n\nimport re\n",
        "key:   value\nother:   value\n\n\nlist:\n  - a\n",
        "@@ -1,2 +1,2 @@\n some.  text\n-old  one.\n+new  one.\n \n\nEnd.  Here",
        "Name    Age\nAnn     31\nBob     7",
        "Ann  31\nBob  7",
        "a\tb",
        "Line one  \nafter a break",
        "  indented.  Text",
        "$ ls  -l",
        "Use `a  b`.  Here",
        "def f(x):\n    [1,  2]\n    return  x",
        "config: |\n  { \"a\":  1 }\n",
        " \n\n",
        "one record\n\u001d\nanother",
        ""
      })
  void whereWhiteSpaceMayMean_nothingChanges(String text) {
    assertSame(text, minify(text));
  }

  @Test
  void prose_losesRunsOfSpacesAndOfEmptyLines() {
    assertEquals(
        "One sentence. Another one costs $5 [1].\n\nA new paragraph\nof two lines.\n",
        minify(
            "One sentence.   Another one costs $5 [1].\n\n\n\n\n"
                + "A new paragraph \n"
                + "of two lines.\n\n"));
  }

  @Test
  void table_losesPadding() {
    assertEquals(
        "|Name|Age \\| years|\n|:-|-:|\n|Ann B.|31|\n",
        minify("| Name   | Age \\| years |\n|:-------|-----:|\n| Ann B. |   31 |\n"));
  }

  @Test
  void html_onlyWhereAsked_losesWhatNoReaderSees() {
    String page =
        "<div class=\"x\" id='y'><!-- note -->\n  <script>var a = 1;</script>"
            + "<a href=\"/p\" data-k=\"1\">Price</a>\n  <p>Five.</p></div>";
    assertSame(page, minify(page));
    Minifier html = Minifier.create().html();
    assertEquals(
        "<div> <a href=\"/p\">Price</a> <p>Five.</p></div>", html.minify(page, String::length));
    String code = "<div class=\"x\"><pre>a   b</pre></div>";
    assertSame(code, html.minify(code, String::length));
  }

  @Test
  void whatSavesNoTokens_isTakenBack() {
    String text = "{ \"a\": 1 }\n\nOne.  Two.";
    assertSame(text, Minifier.create().minify(text, any -> 1));
  }

  @Test
  void randomJson_staysTheSameValueAndNeverCostsMore() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      ObjectNode tree = Json.MAPPER.createObjectNode();
      fill(tree, random, 0);
      String pretty = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
      String text = "See this.\n" + pretty;
      String tight = Minifier.create().minify(text, MinifierTest::tokens);
      assertTrue(tokens(tight) <= tokens(text), "seed " + seed);
      assertTrue(tight.startsWith("See this.\n"), "seed " + seed);
      assertEquals(tree, Json.MAPPER.readTree(tight.substring(10)), "seed " + seed);
    }
  }

  private static void fill(ObjectNode node, Random random, int depth) {
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      String key = "k " + random.nextInt(100);
      switch (random.nextInt(depth < 3 ? 5 : 3)) {
        case 0 -> node.put(key, random.nextLong());
        case 1 -> node.put(key, "\"{[ \\ \n\t" + (char) random.nextInt(0x20, 0xD7FF) + " x  y");
        case 2 -> node.putNull(key);
        case 3 -> fill(node.putObject(key), random, depth + 1);
        default -> {
          ArrayNode array = node.putArray(key);
          array.add(random.nextBoolean()).add(random.nextInt());
        }
      }
    }
  }

  @Test
  void minified_again_changesNothing() {
    String once = minify("A b.   C d.\n\n\n| a  |  b |\n|---|---|\n\n\n{ \"x\":  [ 1 ] }\n");
    assertSame(once, minify(once));
  }

  @RepeatedTest(100)
  void tightText_isLeftAsTheWholeWorkWouldLeaveIt() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] parts = {
      "word",
      "Two words.",
      " ",
      "\n",
      "\t",
      "\r\n",
      "{\"a\": 1}",
      "[1]",
      "| a |",
      "|-|",
      "```",
      "\u0085",
      "\u2028",
      "\u00A0",
      "-",
      "key:",
      "@@"
    };
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder("Start");
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      String some = text.toString();
      if (Minifier.isTight(some)) {
        assertEquals(some, Minifier.rewritten(some, String::length), "seed " + seed);
      }
    }
  }

  @Test
  void question_isTight() {
    assertTrue(Minifier.isTight("How do I pay?\nBy card, or not?"));
    for (String text :
        new String[] {"a  b", "a ", " a", "a\n\nb", "a\n{}", "| a", "a \u0085", ""}) {
      assertFalse(Minifier.isTight(text), text);
    }
  }
}
