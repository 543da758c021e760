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

class EvalRouterCommandTest {
  @TempDir Path temp;

  private static JsonNode json(Object... arguments) throws IOException {
    Program program = Program.run(arguments);
    assertEquals(0, program.status(), program.err());
    return JsonOutput.MAPPER.readTree(program.out());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(temp.resolve(name), content);
  }

  /** Sums that the weak model gets right, and proofs that it gets wrong. */
  private static String pairs(int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      boolean proof = i % 3 == 0;
      String prompt =
          proof
              ? "Prove that there are infinitely many primes of the form " + i + "k + 1."
              : "What is " + i + " plus " + (i + 2) + "?";
      lines.append(
          """
          {"task": "%s", "id": "%d", "prompt": "%s", "gold": "", "4o": {"ok": true}, "mini": {"ok": %s}}
          """
              .formatted(proof ? "proof" : "sum", i, prompt, !proof));
    }
    return lines.toString();
  }

  @Test
  void trainedRouter_reachesWhatTheOracleDoes_whereItIsPlain() throws IOException {
    Path model = temp.resolve("own.router");
    Path packed = temp.resolve("data.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(pairs(0, 60).getBytes(StandardCharsets.UTF_8));
    }
    JsonNode report =
        json(
            "eval",
            "router",
            "--data",
            packed,
            "--train",
            file("train.jsonl", pairs(100, 280)),
            "--write",
            model,
            "--json");
    assertEquals(60, report.get("n").asInt());
    assertEquals(180, report.get("trainedOn").asInt());
    assertEquals(1, report.get("strongAccuracy").asDouble());
    assertEquals(2 / 3.0, report.get("weakAccuracy").asDouble(), 1e-9);
    assertEquals(101, report.get("curve").size());
    assertEquals(1, report.at("/curve/100/shareCheap").asDouble());
    assertEquals(2 / 3.0, report.at("/curve/100/quality").asDouble(), 1e-9);
    assertTrue(report.get("shareCheapAtLoss").get("0.01").asDouble() > 0.6, report.toString());
    for (String name :
        new String[] {"random", "longestPrompt", "alwaysCheap", "domainTable", "oracle"}) {
      assertTrue(report.get("baselines").get(name).get("apgr").isNumber(), name);
      assertEquals(3, report.get("baselines").get(name).get("shareCheapAtLoss").size(), name);
    }
    assertEquals(0.5, report.at("/baselines/random/apgr").asDouble(), 1e-9);
    assertEquals(
        2 / 3.0, report.at("/baselines/domainTable/shareCheapAtLoss").get("0.01").asDouble(), 0.02);
    assertTrue(
        report.get("routeStability").asDouble()
            > report.get("routeStabilityWithoutMemory").asDouble());
    assertTrue(Files.size(model) > 0);
  }

  @Test
  void shippedRouter_judgesTheOtherForms() throws IOException {
    JsonNode lines =
        json(
            "eval",
            "router",
            "--json",
            "--data",
            file(
                "a.jsonl",
                """
                {"task": "mmlu", "domain": "x", "prompt": "Who?\\nA. 1\\nB. 2", "weak_ok": false, "strong_ok": true}
                {"task": "mmlu", "domain": "y", "prompt": "Where?\\nA. 1\\nB. 2", "weak_ok": true, "strong_ok": true}
                """));
    assertEquals("shipped", lines.get("router").asText());
    assertEquals("gpt-4", lines.get("strongModel").asText());
    assertEquals(0.5, lines.get("weakAccuracy").asDouble());
    JsonNode array =
        json(
            "eval",
            "router",
            "--json",
            "--weak",
            "a",
            "--strong",
            "b",
            "--data",
            file(
                "a.json",
                """
                [{"question": "Who?", "scores": {"a": 0.25, "b": 1.0}},
                 {"question": "Where?", "scores": {"a": 1.0, "b": 0.5}}]
                """));
    assertEquals(0.625, array.get("weakAccuracy").asDouble());
    assertEquals(0.75, array.get("strongAccuracy").asDouble());
  }

  @Test
  void wrongInput_isRefusedWithOneLine() throws IOException {
    Program.assertRefused("there is no file", "eval", "router", "--data", temp.resolve("none"));
    Program.assertRefused("--data", "eval", "router");
    Path lines =
        file("b.jsonl", "{\"prompt\": \"Who?\", \"weak_ok\": \"maybe\", \"strong_ok\": true}");
    Program.assertRefused("line 1: \"weak_ok\"", "eval", "router", "--data", lines);
    Path array = file("b.json", "[{\"question\": \"Who?\", \"scores\": {\"a\": 1}}]");
    Program.assertRefused("see --weak and --strong", "eval", "router", "--data", array);
    Program.assertRefused("not JSON", "eval", "router", "--data", file("c.jsonl", "no"));
    Program.assertRefused("holds no rows", "eval", "router", "--data", file("d.jsonl", "\n"));
    Program.assertRefused(
        "leave out --train", "eval", "router", "--data", lines, "--train", lines, "--cross");
    Program.assertRefused("--write needs", "eval", "router", "--data", lines, "--write", array);
  }
}
