package dev.askonce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCacheCommandTest {
  private static final String PAIRS =
      """
      {"a": "How do I reset my password?", "b": "How can I reset my password?", "label": 1, "test": "same"}
      {"a": "Can I return it within 30 days?", "b": "Can I return it within 60 days?", "label": 0, "cap": "numbers"}

      {"a": "How do I enable alerts?", "b": "How do I disable alerts?", "label": 0, "cap": "numbers", "more": 1}
      {"a": "What is a density of water?", "b": "Who won the cup last year?", "label": 0}
      """;

  @TempDir Path temp;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  private static JsonNode json(Object... arguments) throws IOException {
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  @Test
  void pairs_areJudgedByCosineAndByEachPreset() throws IOException {
    Path packed = temp.resolve("pairs.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(PAIRS.getBytes(StandardCharsets.UTF_8));
    }
    JsonNode report = json("eval", "cache", "--pairs", packed, "--json");
    assertEquals(
        report, strip(json("eval", "cache", "--pairs", file("p", PAIRS), "--json"), report));
    assertEquals(4, report.get("n").asInt());
    assertEquals(1, report.get("positives").asInt());
    assertEquals(3, report.get("cosine").size());
    assertEquals(0.02, report.at("/decision/0/wrongShareMax").asDouble());
    assertEquals(1, report.at("/decision/0/served").asDouble(), report.toString());
    assertEquals(1, report.at("/auc/decision").asDouble());
    for (String preset : new String[] {"strict", "balanced", "eager"}) {
      JsonNode result = report.get("presets").get(preset);
      assertEquals(1, result.at("/refusedBy/number").asInt(), result.toString());
      assertEquals(1, result.at("/refusedBy/polarity").asInt(), result.toString());
      assertEquals(0, result.get("wrongShare").asDouble());
    }
    assertEquals(1, report.at("/groups/numbers/refused").asDouble());
    assertEquals(2, report.at("/groups/numbers/n").asInt());
    assertEquals(1, report.at("/groups/same/served").asDouble());
    assertTrue(report.at("/decideMicros/p50").asDouble() > 0);
    assertTrue(report.at("/embedMillis/p99").asDouble() > 0);
  }

  /** {@return the report with the times of another} */
  private static JsonNode strip(JsonNode report, JsonNode other) {
    for (String times : new String[] {"decideMicros", "embedMillis"}) {
      ((ObjectNode) report).set(times, other.get(times));
    }
    return report;
  }

  @Test
  void replay_countsHitsAndWrongOnes() throws IOException {
    Path traffic =
        file(
            "traffic.jsonl",
            """
            {"scope": "a", "text": "How do I reset my password?", "answerId": 1}
            {"scope": "a", "text": "How do I reset my password?", "answerId": 1}
            {"scope": "a", "text": "How can I reset my password?", "answerId": 1}
            {"scope": "b", "text": "How do I reset my password?", "answerId": 1}
            {"scope": "b", "text": "How do I reset my password?", "answerId": "another"}
            {"scope": "a", "text": "When does the sun rise in Norway?", "answerId": "sun"}
            """);
    JsonNode report = json("eval", "cache", "--replay", traffic, "--json");
    assertEquals(6, report.get("requests").asInt());
    JsonNode balanced = report.at("/presets/balanced");
    assertEquals(3, balanced.get("hits").asInt(), report.toString());
    assertEquals(0.5, balanced.get("hitRate").asDouble());
    assertEquals(2, balanced.get("exactHits").asInt());
    assertEquals(1, balanced.get("semanticHits").asInt());
    assertEquals(1, balanced.get("wrongHits").asInt());
    assertEquals(1 / 3.0, balanced.get("wrongHitRate").asDouble(), 1e-9);
    assertEquals(3, report.at("/cosine/hits").asInt());
  }

  @Test
  void text_isReadable() throws IOException {
    Program pairs = Program.run("eval", "cache", "--pairs", file("p", PAIRS));
    assertTrue(pairs.out().contains("numbers: 2 pairs"), pairs.out());
  }

  @Test
  void wrongInput_isRefusedInOneLine() throws IOException {
    assertRefused("eval");
    assertRefused("eval", "cache");
    assertRefused("eval", "cache", "--pairs", file("0", PAIRS), "--threshold", 1.5);
    assertRefused("eval", "cache", "--pairs", temp.resolve("missing"));
    assertRefused("eval", "cache", "--pairs", file("1", ""));
    assertRefused("eval", "cache", "--pairs", file("2", "{\"a\": \"x\"}"));
    assertRefused("eval", "cache", "--pairs", file("3", "[1]"));
    assertRefused("eval", "cache", "--pairs", file("4", "{\"a\":"));
    assertRefused("eval", "cache", "--pairs", file("5.gz", "no gzip"));
    assertRefused(
        "eval", "cache", "--pairs", file("6", "{\"a\": \"x\", \"b\": \"y\", \"label\": 2}"));
    assertRefused("eval", "cache", "--replay", file("7", "{\"text\": \"x\"}"));
    assertRefused("eval", "cache", "--pairs", file("8", PAIRS), "--replay", file("9", PAIRS));
  }

  private static void assertRefused(Object... arguments) {
    Program program = Program.run(arguments);
    assertEquals(Main.USAGE, program.status(), program.out() + program.err());
    assertEquals("", program.out());
    assertEquals(1, program.err().lines().count(), program.err());
  }
}
