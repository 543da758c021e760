package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCompressCommandTest {
  private static final String[] THINGS = {
    "bridge", "museum", "castle", "harbour", "library", "park"
  };

  @TempDir Path temp;

  /** {@return lines of passages that each answer their own question only} */
  private static String lines() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < THINGS.length; i++) {
      String thing = THINGS[i];
      out.append(
          """
          {"question": "when was the %1$s opened", "answers": ["the %2$d."], "ctxs": [{"title": "%1$s", \
          "text": "People like the %1$s. It is large and old. The %1$s was opened in %2$d. Many visit."}]}
          """
              .formatted(thing, 1800 + 7 * i));
    }
    return out.toString();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private static JsonNode json(Object... arguments) throws IOException {
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  @Test
  void contexts_areCompressedInAllDegrees_besideBaselines() throws IOException {
    Path packed = temp.resolve("lines.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(lines().getBytes(StandardCharsets.UTF_8));
    }
    JsonNode report = json("eval", "compress", "--data", packed, "--passages", 5, "--json");
    assertEquals(THINGS.length, report.get("n").asInt());
    assertTrue(
        report.get("tokensBefore").asLong() > 100 * THINGS.length,
        report.get("ratioAtKept").toString());
    // One sentence of twenty is enough, if it is the right one.
    assertTrue(report.at("/ratioAtKept/0.95").asDouble() > 5, report.get("ratioAtKept").toString());
    for (String name : new String[] {"truncation", "random", "bm25"}) {
      JsonNode baseline = report.at("/baselines/" + name);
      assertEquals(3, baseline.get("ratioAtKept").size(), name);
      assertTrue(baseline.get("curve").size() > 10, name);
      assertTrue(
          baseline.at("/ratioAtKept/0.99").asDouble() <= report.at("/ratioAtKept/0.99").asDouble(),
          name);
    }
    JsonNode whole = report.get("curve").get(0);
    assertEquals(1, whole.get("ratio").asDouble(), 1e-9);
    assertEquals(1, whole.get("kept").asDouble(), report.get("ratioAtKept").toString());
    double last = 0;
    for (JsonNode point : report.get("curve")) {
      assertTrue(point.get("ratio").asDouble() >= last, report.get("ratioAtKept").toString());
      last = point.get("ratio").asDouble();
    }
    assertTrue(report.get("millisPer1kTokens").asDouble() > 0);
  }

  @Test
  void givenContexts_areTakenAsTheyAre() throws IOException {
    String lines =
        """
        {"question": "when was the bridge opened", "answers": ["1894"], "context": "It was opened in 1894.\\n\\nBread is baked in ovens, daily."}
        {"question": "where is it", "answers": ["Rome"], "context": "Nobody says."}
        {"question": "who baked", "answers": ["Ann"], "ctxs": [{"text": "Ann baked."}, {"text": "Bob, not Ann, ate.", "isgold": false}]}
        """;
    JsonNode report = json("eval", "compress", "--data", file("c", lines), "--json");
    // The second holds no answer; the third has two passages, none of them marked.
    assertEquals(1, report.get("n").asInt());
    assertEquals(
        report.get("tokensBefore"),
        json("eval", "compress", "--data", file("d", lines), "--passages", 3, "--json")
            .get("tokensBefore"));
  }

  @Test
  void equalSeeds_giveEqualContexts() throws IOException {
    Path lines = file("e", lines());
    JsonNode one = json("eval", "compress", "--data", lines, "--passages", 3, "--json");
    JsonNode two = json("eval", "compress", "--data", lines, "--passages", 3, "--json");
    assertEquals(one.get("curve"), two.get("curve"));
    assertEquals(one.at("/baselines/random"), two.at("/baselines/random"));
    JsonNode near = json("eval", "compress", "--data", lines, "--passages", 3, "--near", "--json");
    assertEquals(THINGS.length, near.get("n").asInt());
  }

  @Test
  void text_isReadable() throws IOException {
    Program program = Program.run("eval", "compress", "--data", file("f", lines()));
    assertTrue(program.out().contains("truncation"), program.out());
    assertTrue(program.out().contains("ms for 1,000 tokens"), program.out());
  }

  @Test
  void wrongInput_isRefusedInOneLine() throws IOException {
    Path lines = file("g", lines());
    Program.assertRefused("--data", "eval", "compress");
    Program.assertRefused("no file", "eval", "compress", "--data", temp.resolve("none"));
    Program.assertRefused("--passages", "eval", "compress", "--data", lines, "--passages", 0);
    Program.assertRefused("question", "eval", "compress", "--data", file("1", "{}"));
    Program.assertRefused(
        "answers", "eval", "compress", "--data", file("2", "{\"question\": \"q\"}"));
    Program.assertRefused(
        "ctxs",
        "eval",
        "compress",
        "--data",
        file("3", "{\"question\": \"q\", \"answers\": [\"a\"]}"));
    Program.assertRefused(
        "no context holds an answer",
        "eval",
        "compress",
        "--data",
        file("4", "{\"question\": \"q\", \"answers\": [\"a\"], \"context\": \"b\"}"));
  }
}
